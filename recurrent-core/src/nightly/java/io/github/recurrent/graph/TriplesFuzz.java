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
import org.junit.jupiter.params.provider.MethodSource;

/** No bytes make the reader fail but with an exception that names the file. */
final class TriplesFuzz {
  private static final Path FILE = Jimfs.newFileSystem(Configuration.unix()).getPath("/family.csv");

  static Stream<byte[]> seeds() {
    return Stream.of("head,relation,tail\n\"a \"\"b\"\"\",r,c\n\nc,r,a\n")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void triplesAreReadOrRefused(byte @NotNull [] bytes) throws IOException {
    Files.write(FILE, bytes);
    try {
      KnowledgeGraph unused = KnowledgeGraph.read(FILE);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("family.csv");
    }
  }
}
