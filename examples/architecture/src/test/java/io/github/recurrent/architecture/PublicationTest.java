package io.github.recurrent.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PublicationTest {
  private static final Path ROOT = Path.of("..", "..");

  @Test
  void noExampleIsPublished() throws IOException {
    assertThat(excluded()).contains("examples").containsAll(examples());
  }

  private static List<String> excluded() throws IOException {
    String list =
        Pattern.compile("<excludeArtifacts>(.*)</excludeArtifacts>")
            .matcher(Files.readString(ROOT.resolve("pom.xml")))
            .results()
            .map(found -> found.group(1))
            .findFirst()
            .orElseThrow();
    return List.of(list.split(","));
  }

  private static List<String> examples() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT.resolve("examples"))) {
      return folders
          .filter(folder -> Files.isRegularFile(folder.resolve("pom.xml")))
          .map(folder -> "examples-" + folder.getFileName())
          .toList();
    }
  }
}
