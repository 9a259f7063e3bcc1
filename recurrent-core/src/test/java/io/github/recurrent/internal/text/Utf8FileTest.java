package io.github.recurrent.internal.text;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8FileTest {
  private static final Path FILE = Path.of("names.txt");

  @TempDir Path folder;

  private static String read(byte[] bytes) throws IOException {
    StringWriter text = new StringWriter();
    try (Utf8File file = Utf8File.of(FILE, new ByteArrayInputStream(bytes))) {
      file.transferTo(text);
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "Zoë 李雷 🌻\r\n", "\n\n"})
  void aFileIsReadAsUtf8WithAndWithoutAByteOrderMark(String text) throws IOException {
    assertThat(read(text.getBytes(UTF_8))).isEqualTo(text);
    assertThat(read(("\ufeff" + text).getBytes(UTF_8))).isEqualTo(text);
  }

  @Test
  void onlyTheFirstByteOrderMarkIsLeftOut() throws IOException {
    assertThat(read("\ufeff\ufeffa\ufeff".getBytes(UTF_8))).isEqualTo("\ufeffa\ufeff");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16_383, 16_384, 16_385, 40_000})
  void charactersAcrossBuffersAreWhole(int length) throws IOException {
    String text = "x".repeat(length) + "李🌻".repeat(20_000);

    assertThat(read(text.getBytes(UTF_8))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "61 eb 62, 1, 0xeb, false",
    "61 0a 62 0d 0a 63 c3, 3, 0xc3, true",
    "61 0d 62 0d ff, 3, 0xff, false",
    "ed a0 80, 1, 0xed, false",
    "c0 80, 1, 0xc0, false",
    "61 80, 1, 0x80, false",
    "f0 9f 8c, 1, 0xf0, true",
    "e2 82, 1, 0xe2, true",
    "e2 82 41, 1, 0xe2, false"
  })
  void bytesThatAreNotUtf8AreNamedByFileAndLine(
      String bytes, long line, String found, boolean cutOff) {
    assertThatExceptionOfType(MalformedTextException.class)
        .isThrownBy(() -> read(HexFormat.ofDelimiter(" ").parseHex(bytes)))
        .withMessageContaining("names.txt, line " + line + ": is not UTF-8")
        .withMessageContaining(found)
        .satisfies(e -> assertThat(e.line()).isEqualTo(line))
        .satisfies(e -> assertThat(e.isCutOff()).isEqualTo(cutOff));
  }

  @Test
  void aLineFarIntoTheFileIsNamed() {
    byte[] bytes = ("name\n".repeat(50_000) + "?").getBytes(UTF_8);
    bytes[bytes.length - 1] = (byte) 0xe4;

    assertThatExceptionOfType(MalformedTextException.class)
        .isThrownBy(() -> read(bytes))
        .withMessageContaining("line 50001:");
  }

  @Test
  void utf16IsNamedAsSuch() {
    assertThatExceptionOfType(MalformedTextException.class)
        .isThrownBy(() -> read("Anna".getBytes(UTF_16)))
        .withMessageContaining("UTF-16")
        .withMessageContaining("save the file as UTF-8");
  }

  @Test
  void aFailureToReadNamesTheFile() {
    assertThatIOException()
        .isThrownBy(() -> Utf8File.open(folder).read())
        .withMessageContaining(folder.toString());
  }
}
