package io.github.recurrent.examples.benchmarks.service;

import com.google.common.collect.ImmutableList;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;

/** Small damages to bytes, as accidents and attackers do them. Not thread-safe. */
final class Mutation {
  private static final ImmutableList<String> PIECES =
      ImmutableList.of(
          "NaN",
          "-1",
          "1e999",
          "9223372036854775808",
          "null",
          "{",
          "}",
          "[",
          "]",
          "\"",
          ",",
          ":",
          "\\u0000",
          "\u0000",
          "\uffff",
          "<e_",
          "true",
          "\"id\":",
          "\"shape\":[0]",
          "\"data\":[]",
          "\"parameters\":{}",
          "0".repeat(400),
          "[".repeat(100),
          "\"binary_data_size\":2147483648",
          "\"top_k\":2147483647",
          "\"deadline_ms\":1");
  private static final int MOST_CHANGES = 4;

  private final UniformRandomProvider random;

  Mutation(UniformRandomProvider random) {
    this.random = random;
  }

  /** Returns bytes with one to four damages. */
  byte[] of(byte[] whole) {
    byte[] bytes = whole;
    for (int change = random.nextInt(1, MOST_CHANGES + 1); change > 0; change--) {
      bytes = changed(bytes);
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes) {
    int from = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, from + random.nextInt(1, 12));
    return switch (random.nextInt(6)) {
      case 0 -> joined(bytes, from, new byte[0], to);
      case 1 -> joined(bytes, from, new byte[] {(byte) random.nextInt(256)}, from);
      case 2 ->
          joined(bytes, from, new byte[] {(byte) random.nextInt(256)}, Math.min(to, from + 1));
      case 3 -> joined(bytes, from, Arrays.copyOfRange(bytes, from, to), from);
      case 4 -> Arrays.copyOf(bytes, from);
      default ->
          joined(
              bytes,
              from,
              PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8),
              random.nextBoolean() ? from : to);
    };
  }

  /** Returns what stands before one place, something else, and what stands from another place. */
  private static byte[] joined(byte[] bytes, int end, byte[] between, int begin) {
    byte[] joined = Arrays.copyOf(bytes, end + between.length + bytes.length - begin);
    System.arraycopy(between, 0, joined, end, between.length);
    System.arraycopy(bytes, begin, joined, end + between.length, bytes.length - begin);
    return joined;
  }
}
