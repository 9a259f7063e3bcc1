package io.github.recurrent.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import net.razorvine.pickle.PickleException;
import org.junit.jupiter.params.provider.MethodSource;

/** No bytes make the reader of pickles fail but in the one way it documents. */
final class PickleFuzz {
  static Stream<byte[]> seeds() throws IOException {
    Path file = Files.createTempFile("seed", ".pt");
    try {
      TorchFile.of(CheckpointFixture.trained(1)).writeNested(file);
      try (TorchArchive archive = TorchArchive.open(file)) {
        return Stream.of(archive.pickle());
      }
    } finally {
      Files.delete(file);
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "90s")
  void aPickleIsReadOrRefused(byte @NotNull [] pickle) {
    try {
      String unused = StateDictUnpickler.type(new StateDictUnpickler(pickle).load());
    } catch (PickleException e) {
      // Damaged.
    }
  }
}
