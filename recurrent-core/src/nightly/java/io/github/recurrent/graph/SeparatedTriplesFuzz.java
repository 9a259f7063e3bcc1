package io.github.recurrent.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lines of bytes are a graph, or an exception that names the file; compressed lines are the same,
 * and what was read can be written and read again.
 */
final class SeparatedTriplesFuzz {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());
  private static final Path PLAIN = FILES.getPath("/family.tsv");
  private static final Path COMPRESSED = FILES.getPath("/family.tsv.gz");
  private static final Path WRITTEN = FILES.getPath("/written.tsv");

  static Stream<byte[]> seeds() {
    return Stream.of(
            "head\trelation\ttail\n# a comment\nAda\tmother of\tBob\r\n\nBob\tborn in\tPâris\rc\tr\ta",
            "\ufeffa\tr\tb\nb\tr\tc\n",
            "a r b\n")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void linesAreReadOrRefusedCompressedOrNot(byte @NotNull [] bytes) throws IOException {
    Files.write(PLAIN, bytes);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(COMPRESSED))) {
      out.write(bytes);
    }
    KnowledgeGraph graph;
    try {
      graph = KnowledgeGraph.read(PLAIN);
    } catch (FileFormatException e) {
      assertThat(e).hasMessageContaining("family.tsv");
      requireRefused();
      return;
    }
    assertThat(KnowledgeGraph.read(COMPRESSED)).isEqualTo(graph);
    graph.write(WRITTEN);
    assertThat(KnowledgeGraph.read(WRITTEN)).isEqualTo(graph);
  }

  private static void requireRefused() throws IOException {
    try {
      KnowledgeGraph graph = KnowledgeGraph.read(COMPRESSED);
      throw new AssertionError("compressed, it is " + graph);
    } catch (FileFormatException e) {
      assertThat(e).hasMessageContaining("family.tsv.gz");
    }
  }
}
