package io.github.recurrent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.google.common.hash.Hashing;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.common.primitives.Bytes;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** No header makes the reader fail but in the one way it documents. */
final class SafetensorsFuzz {
  private static final Path FILE =
      Jimfs.newFileSystem(Configuration.unix()).getPath("/some.safetensors");
  private static final Parameters PARAMETERS =
      Parameters.initialize(CheckpointFixture.MODEL, Seed.of(5));
  private static final int TENSOR_BYTES =
      PARAMETERS.shapes().values().stream().mapToInt(shape -> shape.size() * Float.BYTES).sum();

  static Stream<byte[]> seeds() throws IOException {
    Safetensors.write(FILE, PARAMETERS);
    byte[] bytes = Files.readAllBytes(FILE);
    return Stream.of(Arrays.copyOfRange(bytes, Long.BYTES, bytes.length - TENSOR_BYTES));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void aHeaderIsReadOrRefused(byte @NotNull [] header) throws IOException {
    byte[] length =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .array();
    byte[] bytes = Bytes.concat(length, header, new byte[TENSOR_BYTES]);
    Files.write(FILE, bytes);
    try {
      Parameters read =
          Safetensors.read(
              FILE, CheckpointFixture.MODEL, Hashing.sha256().hashBytes(bytes).toString());
      assertThat(read.shapes()).isEqualTo(PARAMETERS.shapes());
    } catch (FileFormatException e) {
      assertThat(e).hasMessageStartingWith(FILE.toString());
    }
  }
}
