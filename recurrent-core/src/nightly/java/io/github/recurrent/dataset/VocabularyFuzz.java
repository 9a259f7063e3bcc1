package io.github.recurrent.dataset;

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
final class VocabularyFuzz {
  private static final Path FILE = Jimfs.newFileSystem(Configuration.unix()).getPath("/vocab.json");

  static Stream<byte[]> seeds() {
    return Stream.of("[\"<e_0>\", \"<r_0>\"]", "[\"<pad>\", \"<e_0>\", \"<r_0>\", \"<mask>\"]")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void aVocabularyIsReadOrRefused(byte @NotNull [] bytes) throws IOException {
    Files.write(FILE, bytes);
    try {
      Vocabulary unused = Vocabulary.read(FILE);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("vocab.json");
    }
  }
}
