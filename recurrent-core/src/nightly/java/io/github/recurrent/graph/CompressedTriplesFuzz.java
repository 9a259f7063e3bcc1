package io.github.recurrent.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.provider.MethodSource;

/** No damage to a compressed file makes the reader fail but with an exception that names it. */
final class CompressedTriplesFuzz {
  private static final Path FILE =
      Jimfs.newFileSystem(Configuration.unix()).getPath("/family.tsv.gz");

  static Stream<byte[]> seeds() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write("Ada\tmother of\tBob\nBob\tborn in\tParis\n".getBytes(StandardCharsets.UTF_8));
    }
    return Stream.of(bytes.toByteArray());
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void compressedTriplesAreReadOrRefused(byte @NotNull [] bytes) throws IOException {
    Files.write(FILE, bytes);
    try {
      KnowledgeGraph unused = KnowledgeGraph.read(FILE);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("family.tsv.gz");
    }
  }
}
