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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    assertThat(facts(KnowledgeGraph.read(WRITTEN))).isEqualTo(facts(graph));
  }

  /** Returns the facts by name, since a written graph numbers them in another order. */
  private static Set<List<String>> facts(KnowledgeGraph graph) {
    Set<List<String>> facts = new HashSet<>();
    for (int head = 0; head < graph.entities(); head++) {
      int beyond = graph.firstFact(head) + graph.outDegree(head);
      for (int fact = graph.firstFact(head); fact < beyond; fact++) {
        facts.add(
            List.of(
                graph.entityName(head),
                graph.relationName(graph.relation(fact)),
                graph.entityName(graph.tail(fact))));
      }
    }
    return facts;
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
