package io.github.recurrent.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What READMEs tell Maven projects to write is what the consumers, which are resolved, do write.
 */
final class DependencySnippetTest {
  private static final Path ROOT = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "README.md, examples/consumers/maven/pom.xml, 3",
    "recurrent-tf/README.md, examples/consumers/gpu/pom.xml, 2",
    "recurrent-onnx/README.md, examples/consumers/gpu/pom.xml, 2"
  })
  void everyDependencyIsOneOfAConsumer(Path readme, Path consumer, int number) throws IOException {
    List<String> told = dependencies(ROOT.resolve(readme));

    assertThat(told).hasSize(number);
    assertThat(dependencies(ROOT.resolve(consumer))).containsAll(told);
  }

  private static List<String> dependencies(Path file) throws IOException {
    String text =
        Files.readString(file)
            .replace("${recurrent.version}", "0.1.0-SNAPSHOT")
            .replaceAll("\\s", "");
    return Pattern.compile("<dependency>.*?</dependency>")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .toList();
  }
}
