package io.github.recurrent.dataset;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Distinct texts, numbered in the order in which they come, and their numbers by text: about 13
 * bytes beside the letters of each, where a map of boxed numbers takes more than 100. Characters
 * are kept as one to three bytes each, half a surrogate pair too, so that every text comes back as
 * it was. Not thread-safe while texts are added; thread-safe after.
 */
final class TokenTable {
  private static final int NONE = -1;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  /** No file can know it, so that none can be made whose texts all fall into one slot. */
  private final int multiplier = ThreadLocalRandom.current().nextInt() | 1;

  private byte[] bytes = new byte[256];

  /** The bytes of text t are those from {@code firsts[t]} to {@code firsts[t + 1]}. */
  private int[] firsts = new int[64];

  private int[] table = emptyTable(64);
  private int size;

  int size() {
    return size;
  }

  /**
   * Adds a text unless it is there.
   *
   * @return its number if it was there, else -1
   * @throws IllegalArgumentException if the texts do not fit into an array
   */
  int add(String text) {
    int end = encode(text);
    int slot = slot(table, bytes, firsts[size], end);
    if (table[slot] != NONE) {
      return table[slot];
    }
    if (size + 2 > firsts.length) {
      firsts = Arrays.copyOf(firsts, grown(firsts.length));
    }
    table[slot] = size;
    size++;
    firsts[size] = end;
    if (2L * size > table.length && table.length < 1 << 30) {
      grow();
    }
    return NONE;
  }

  /** Returns the number of a text, or -1 if it is not there. */
  int number(String text) {
    byte[] encoded = new byte[3 * text.length()];
    return table[slot(table, encoded, 0, encode(text, encoded, 0))];
  }

  /** Returns a text by its number. */
  String text(int number) {
    int end = firsts[number + 1];
    char[] chars = new char[end - firsts[number]];
    int length = 0;
    for (int at = firsts[number]; at < end; length++) {
      int lead = bytes[at++] & 0xff;
      if (lead < 0x80) {
        chars[length] = (char) lead;
      } else if (lead < 0xe0) {
        chars[length] = (char) ((lead & 0x1f) << 6 | (bytes[at++] & 0x3f));
      } else {
        chars[length] =
            (char) ((lead & 0x0f) << 12 | (bytes[at++] & 0x3f) << 6 | (bytes[at++] & 0x3f));
      }
    }
    return new String(chars, 0, length);
  }

  /** Returns whether the text of a number begins with letters of ASCII. */
  boolean startsWith(int number, String ascii) {
    int first = firsts[number];
    if (firsts[number + 1] - first < ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (bytes[first + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Gives the memory back that was kept for more texts. */
  void trim() {
    bytes = Arrays.copyOf(bytes, firsts[size]);
    firsts = Arrays.copyOf(firsts, size + 1);
  }

  /** Writes a text behind the last, and returns where it ends. */
  private int encode(String text) {
    int start = firsts[size];
    long needed = start + 3L * text.length();
    if (needed > bytes.length) {
      if (needed > MAX_BYTES) {
        throw new IllegalArgumentException(
            "the letters of " + size + " tokens and of the next do not fit into an array");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, grown(bytes.length)));
    }
    return encode(text, bytes, start);
  }

  private static int encode(String text, byte[] target, int start) {
    int at = start;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter < 0x80) {
        target[at++] = (byte) letter;
      } else if (letter < 0x800) {
        target[at++] = (byte) (0xc0 | letter >> 6);
        target[at++] = (byte) (0x80 | (letter & 0x3f));
      } else {
        target[at++] = (byte) (0xe0 | letter >> 12);
        target[at++] = (byte) (0x80 | (letter >> 6 & 0x3f));
        target[at++] = (byte) (0x80 | (letter & 0x3f));
      }
    }
    return at;
  }

  private static int grown(int length) {
    return (int) Math.min(MAX_BYTES, length * 3L / 2);
  }

  private void grow() {
    int[] larger = emptyTable(2 * table.length);
    for (int number = 0; number < size; number++) {
      larger[slot(larger, bytes, firsts[number], firsts[number + 1])] = number;
    }
    table = larger;
  }

  private static int[] emptyTable(int length) {
    int[] table = new int[length];
    Arrays.fill(table, NONE);
    return table;
  }

  /** Returns the slot that holds a text, or the free one in which it belongs. */
  private int slot(int[] slots, byte[] source, int start, int end) {
    int hash = end - start;
    for (int i = start; i < end; i++) {
      hash = (hash ^ (hash >>> 15)) * multiplier + source[i];
    }
    hash = (hash ^ (hash >>> 16)) * multiplier;
    int slot = (hash ^ (hash >>> 15)) & (slots.length - 1);
    while (slots[slot] != NONE && !holds(slots[slot], source, start, end)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private boolean holds(int number, byte[] source, int start, int end) {
    return Arrays.equals(bytes, firsts[number], firsts[number + 1], source, start, end);
  }

  /** Returns whether another table has the same texts in the same order. */
  boolean hasSame(TokenTable other) {
    return size == other.size
        && Arrays.equals(firsts, 0, size + 1, other.firsts, 0, size + 1)
        && Arrays.equals(bytes, 0, firsts[size], other.bytes, 0, firsts[size]);
  }

  /** Returns a hash of the texts and their order. */
  int hash() {
    int hash = size;
    for (int i = 0; i < firsts[size]; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }
}
