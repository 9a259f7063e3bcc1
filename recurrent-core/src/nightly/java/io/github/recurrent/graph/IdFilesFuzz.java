package io.github.recurrent.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No files of ids make the reader fail but with an exception that names one of them. */
final class IdFilesFuzz {
  private static final Path FOLDER = Jimfs.newFileSystem(Configuration.unix()).getPath("/work");

  static Stream<Arguments> seeds() {
    return Stream.of(
        Arguments.of(
            bytes("3\nAda\t0\nBob\t1\nNew York\t2\n"),
            bytes("2\nmother of\t0\r\nborn in\t1\r\n"),
            bytes("2\n0 1 0\n1 2 1\n")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void idsAreReadOrRefused(
      byte @NotNull [] entities, byte @NotNull [] relations, byte @NotNull [] triples)
      throws IOException {
    Files.write(FOLDER.resolve("entity2id.txt"), entities);
    Files.write(FOLDER.resolve("relation2id.txt"), relations);
    Files.write(FOLDER.resolve("train2id.txt"), triples);
    try {
      KnowledgeGraph.Splits splits = KnowledgeGraph.readSplits(FOLDER);
      assertThat(splits.train()).isEqualTo(splits.all());
    } catch (FileFormatException e) {
      assertThat(e).hasMessageContaining("2id.txt");
    }
  }
}
