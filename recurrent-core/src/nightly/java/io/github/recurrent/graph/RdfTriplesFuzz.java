package io.github.recurrent.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No N-Triples or Turtle makes the reader fail but with an exception that names the file. */
final class RdfTriplesFuzz {
  private static final Path FOLDER = Jimfs.newFileSystem(Configuration.unix()).getPath("/work");

  static Stream<Arguments> seeds() {
    return Stream.of(
        Arguments.of(
            false,
            bytes(
                "<http://x.y/a> <http://x.y/r> <http://x.y/b> .\n_:b <http://x.y/r> \"c\"@en .\n")),
        Arguments.of(
            true,
            bytes(
                "@prefix : <http://x.y/> .\n:a :r :b, [ :r \"\"\"c\"\"\"^^:t ] ; a (1 2.0 true) .\n")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void statementsAreReadOrRefused(boolean turtle, byte @NotNull [] bytes) throws IOException {
    Path file = FOLDER.resolve(turtle ? "family.ttl" : "family.nt");
    Files.write(file, bytes);
    try {
      KnowledgeGraph unused = KnowledgeGraph.reader().keepLiterals().read(file);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("family.");
    }
  }
}
