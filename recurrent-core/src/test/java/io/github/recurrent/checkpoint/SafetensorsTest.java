package io.github.recurrent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SafetensorsTest {
  private static final Parameters PARAMETERS =
      Parameters.initialize(CheckpointFixture.MODEL, Seed.of(5));

  private Path file;

  @BeforeEach
  void write(@TempDir Path temporary) throws IOException {
    file = temporary.resolve("some.safetensors");
    Safetensors.write(file, PARAMETERS);
  }

  @Test
  void layoutIsThatOfTheFormat() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    long header = bytes.getLong(0);
    String json = header(Files.readAllBytes(file));

    assertThat((Long.BYTES + header) % 8).isZero();
    assertThat(json)
        .startsWith(
            "{\"token_embedding.weight\":"
                + "{\"dtype\":\"F32\",\"shape\":[7,4],\"data_offsets\":[0,112]},"
                + "\"position_embedding.weight\":"
                + "{\"dtype\":\"F32\",\"shape\":[3,4],\"data_offsets\":[112,160]}");
    assertThat(bytes.getFloat((int) (Long.BYTES + header)))
        .isEqualTo(PARAMETERS.values("token_embedding.weight").get(0));
    assertThat(bytes.capacity())
        .isEqualTo(Long.BYTES + header + 4 * CheckpointFixture.MODEL.parameterCount());
  }

  @Test
  void returnsTheHashOfTheWholeFile() throws IOException {
    assertThat(Safetensors.write(file, PARAMETERS)).isEqualTo(sha256());
  }

  @Test
  void metadataIsSkipped() throws IOException {
    replace("{\"token_emb", "{\"__metadata__\":{\"format\":\"pt\"},\"token_emb");

    assertThat(read()).isEqualTo(PARAMETERS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"F32\",\"shape\":[7,4] | \"F16\",\"shape\":[7,4] | token_embedding.weight has dtype \"F16\"",
        "\"shape\":[7,4] | \"shape\":[4,7] | token_embedding.weight has shape [4, 7], but the model's is [7, 4]",
        "\"shape\":[7,4] | \"shape\":[7.0,4] | must be an array of integers, but holds 7.0",
        "\"shape\":[7,4] | \"shape\":28 | token_embedding.weight.shape must be an array",
        "\"shape\":[7,4], | `` | token_embedding.weight.shape is missing",
        "\"shape\":[7,4] | \"shape\":[7,4],\"x\":1 | unknown fields [x]",
        "\"shape\":[7,4] | \"shape\":[7,4],\"shape\":[7,4] | Duplicate field 'shape'",
        "[0,112] | [0,113] | token_embedding.weight of shape [7, 4] needs 112 bytes, but has 113",
        "[0,112] | [-112,0] | must have a begin and an end",
        "[0,112] | [112,0] | must have a begin and an end",
        "[0,112] | [0,112,224] | must have a begin and an end",
        "[0,112] | [0] | must have a begin and an end",
        "[0,112] | [4,116] | begins at byte 4, away from",
        "[112,160] | [111,159] | position_embedding.weight begins at byte 111, within",
        "[112,160] | [0,48] | within the tensor before it",
        "[112,160] | [9000000000000000000,9000000000000000048] | away from",
        "[112,160] | [99999999999999999999,99999999999999999999] | must be an array of integers",
        "\"ln_f.bias\" | \"ln_g.bias\" | holds ln_g.bias, which the model lacks",
        "\"ln_f.bias\" | \"__metadata__\" | lacks ln_f.bias, which the model has",
        "\"ln_f.bias\" | \"ln_f.weight\" | Duplicate field 'ln_f.weight'",
        "{\"token | [\"token | its header must be a JSON object",
      })
  void aBadHeaderIsRejected(String text, String replacement, String message) throws IOException {
    replace(text, replacement);

    assertRejected(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ln_f.bias\":[%s],\"token_emb",
        "{\"__metadata__\":[%s],\"ln_f.bias\":7,\"token_emb",
        "{\"x\":[%s],\"token_emb"
      })
  void aHeaderOfCountlessValuesIsRejectedBeforeTheyFillTheMemory(String json) throws IOException {
    replace("{\"token_emb", String.format(json, "{},".repeat(4_000_000) + "{}"));

    assertRejected("");
  }

  @Test
  void textBehindTheHeadersEndIsRejected() throws IOException {
    replace("]}}", "]}}{}");

    assertRejected("text behind its end");
  }

  @Test
  void aHeaderThatIsNotInUtf8IsRejected() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[12] = (byte) 0xff;
    Files.write(file, bytes);

    assertRejected("its header is not valid JSON: it is not in UTF-8");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001, 1 << 20})
  void aHeaderThatCannotBeIsRejectedBeforeItIsRead(long length) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    Files.write(file, bytes);

    assertRejected("its header has " + Long.toUnsignedString(length) + " bytes");
  }

  @Test
  void missingBytesAreRejected() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertRejected("bytes of tensors, but its header places");
    Files.write(file, Arrays.copyOf(bytes, 7));
    assertRejected("has 7 bytes");
    Files.write(file, new byte[0]);
    assertRejected("has 0 bytes");
  }

  @Test
  void bytesAfterTheTensorsAreRejected() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length + 4));

    assertRejected("bytes of tensors, but its header places");
  }

  @Test
  void aFlippedBitIsRejected() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> Safetensors.read(file, CheckpointFixture.MODEL, "0".repeat(64)))
        .withMessageContaining("SHA-256");
  }

  private void replace(String text, String replacement) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String header = header(bytes);
    assertThat(header).contains(text);
    byte[] changed = header.replace(text, replacement).getBytes(StandardCharsets.UTF_8);
    byte[] length =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(changed.length)
            .array();
    byte[] data =
        Arrays.copyOfRange(
            bytes, Long.BYTES + header.getBytes(StandardCharsets.UTF_8).length, bytes.length);
    Files.write(file, Bytes.concat(length, changed, data));
  }

  private static String header(byte[] bytes) {
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    return new String(bytes, Long.BYTES, length, StandardCharsets.UTF_8);
  }

  private void assertRejected(String message) {
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(this::read)
        .withMessageContaining(file.toString())
        .withMessageContaining(message);
  }

  private Parameters read() throws IOException {
    return Safetensors.read(file, CheckpointFixture.MODEL, sha256());
  }

  private String sha256() throws IOException {
    return Hashing.sha256().hashBytes(Files.readAllBytes(file)).toString();
  }
}
