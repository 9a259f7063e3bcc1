package io.github.recurrent.examples.service.answer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes values as plain bytes: numbers in little-endian order, texts in UTF-8 behind their
 * lengths. Not thread-safe.
 */
public final class BinarySink implements TensorSink {
  private final ByteArrayOutputStream bytes;

  /** Writes behind what a stream has. */
  public BinarySink(ByteArrayOutputStream bytes) {
    this.bytes = bytes;
  }

  @Override
  public void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    whole(utf8.length);
    bytes.writeBytes(utf8);
  }

  @Override
  public void real(float value) {
    whole(Float.floatToRawIntBits(value));
  }

  @Override
  public void whole(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      bytes.write(value >>> shift);
    }
  }
}
