package io.github.recurrent.examples.service.request;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Elements as plain bytes: integers in little-endian order, strings in UTF-8 behind their lengths.
 */
public final class BinaryData implements TensorData {
  private final String place;
  private final ByteBuffer bytes;

  /**
   * Wraps bytes.
   *
   * @param place where they stand in the request
   * @param bytes from their position to their limit
   */
  public BinaryData(String place, ByteBuffer bytes) {
    this.place = place;
    this.bytes = bytes;
  }

  @Override
  public List<String> strings() {
    ByteBuffer left = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    ImmutableList.Builder<String> strings = ImmutableList.builder();
    while (left.hasRemaining()) {
      int length = left.remaining() < Integer.BYTES ? -1 : left.getInt();
      if (length < 0 || length > left.remaining()) {
        throw cutOff("BYTES");
      }
      strings.add(text(left.slice(left.position(), length)));
      left.position(left.position() + length);
    }
    return strings.build();
  }

  private String text(ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw Fault.bad(place + " has a string that is not in UTF-8");
    }
  }

  @Override
  public long[] integers() {
    if (bytes.remaining() % Long.BYTES != 0) {
      throw cutOff("INT64");
    }
    long[] integers = new long[bytes.remaining() / Long.BYTES];
    bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(integers);
    return integers;
  }

  private Fault cutOff(String datatype) {
    return Fault.bad(place + " ends within an element of \"" + datatype + "\"");
  }
}
