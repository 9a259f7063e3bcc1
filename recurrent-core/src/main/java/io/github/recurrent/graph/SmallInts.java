package io.github.recurrent.graph;

import java.util.Arrays;

/** An array of ints from 0 to a bound, in as few bytes each as the bound needs. */
abstract class SmallInts {
  /**
   * @param bound greater than every number that is to be set
   */
  static SmallInts of(int length, int bound) {
    if (bound <= 1 << Byte.SIZE) {
      return new Bytes(new byte[length]);
    }
    return bound <= 1 << Character.SIZE ? new Chars(new char[length]) : new Ints(new int[length]);
  }

  abstract int get(int index);

  abstract void set(int index, int value);

  /** Returns the first numbers, so many. */
  abstract SmallInts first(int length);

  /** Returns whether both arrays hold the same numbers. */
  abstract boolean sameAs(SmallInts other);

  /** Returns the number of bytes of an element. */
  abstract int width();

  private static final class Bytes extends SmallInts {
    private final byte[] values;

    Bytes(byte[] values) {
      this.values = values;
    }

    @Override
    int get(int index) {
      return Byte.toUnsignedInt(values[index]);
    }

    @Override
    void set(int index, int value) {
      values[index] = (byte) value;
    }

    @Override
    SmallInts first(int length) {
      return new Bytes(Arrays.copyOf(values, length));
    }

    @Override
    boolean sameAs(SmallInts other) {
      return other instanceof Bytes that && Arrays.equals(values, that.values);
    }

    @Override
    int width() {
      return Byte.BYTES;
    }
  }

  private static final class Chars extends SmallInts {
    private final char[] values;

    Chars(char[] values) {
      this.values = values;
    }

    @Override
    int get(int index) {
      return values[index];
    }

    @Override
    void set(int index, int value) {
      values[index] = (char) value;
    }

    @Override
    SmallInts first(int length) {
      return new Chars(Arrays.copyOf(values, length));
    }

    @Override
    boolean sameAs(SmallInts other) {
      return other instanceof Chars that && Arrays.equals(values, that.values);
    }

    @Override
    int width() {
      return Character.BYTES;
    }
  }

  private static final class Ints extends SmallInts {
    private final int[] values;

    Ints(int[] values) {
      this.values = values;
    }

    @Override
    int get(int index) {
      return values[index];
    }

    @Override
    void set(int index, int value) {
      values[index] = value;
    }

    @Override
    SmallInts first(int length) {
      return new Ints(Arrays.copyOf(values, length));
    }

    @Override
    boolean sameAs(SmallInts other) {
      return other instanceof Ints that && Arrays.equals(values, that.values);
    }

    @Override
    int width() {
      return Integer.BYTES;
    }
  }
}
