package io.github.recurrent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** No {@code config.json} makes the reader of a checkpoint fail but in the one way it documents. */
final class ConfigFuzz {
  private static final Path FOLDER =
      Jimfs.newFileSystem(Configuration.unix()).getPath("/checkpoint");

  static Stream<byte[]> seeds() throws IOException {
    CheckpointFixture.inTraining(1).write(FOLDER);
    return Stream.of(Files.readAllBytes(FOLDER.resolve("config.json")));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void aConfigurationIsReadOrRefused(byte @NotNull [] bytes) throws IOException {
    Files.write(FOLDER.resolve("config.json"), bytes);
    try {
      assertThat(Checkpoint.read(FOLDER)).isNotNull();
    } catch (FileFormatException e) {
      assertThat(e).hasMessageStartingWith(FOLDER.toString());
    }
  }
}
