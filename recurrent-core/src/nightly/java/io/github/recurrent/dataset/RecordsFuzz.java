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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** No bytes make the reader fail but with an exception that names the file. */
final class RecordsFuzz {
  private static final Path FILE = Jimfs.newFileSystem(Configuration.unix()).getPath("/test.json");

  private static final Vocabulary VOCABULARY =
      Vocabulary.ofTokens(List.of("<e_0>", "<e_1>", "<r_0>", "<r_1>"));

  static Stream<byte[]> seeds() {
    return Stream.of(
            "[{\"input_text\": \"<e_0><r_0>\", \"target_text\": \"<e_0><r_0><e_1></a>\", \"type\": \"1_hop\"}]")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void recordsAreReadOrRefused(byte @NotNull [] bytes) throws IOException {
    Files.write(FILE, bytes);
    try {
      Split unused = Split.read(FILE, VOCABULARY);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("test.json");
    }
  }
}
