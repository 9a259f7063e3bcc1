package io.github.recurrent.internal.storage;

import java.util.Arrays;

/** An array of ints from 0 to a bound, in as few bytes each as the bound needs. */
public abstract class SmallInts {
  /**
   * Returns an array of zeros.
   *
   * @param bound greater than every number that is to be set
   */
  public static SmallInts of(int length, int bound) {
    if (bound <= 1 << Byte.SIZE) {
      return new Bytes(new byte[length]);
    }
    return bound <= 1 << Character.SIZE ? new Chars(new char[length]) : new Ints(new int[length]);
  }

  public abstract int get(int index);

  public abstract void set(int index, int value);

  /** Returns the first numbers, so many. */
  public abstract SmallInts first(int length);

  /** Returns whether both arrays hold the same numbers. */
  public abstract boolean sameAs(SmallInts other);

  /** Returns the number of bytes of an element. */
  public abstract int width();

  private static final class Bytes extends SmallInts {
    private final byte[] values;

    Bytes(byte[] values) {
      this.values = values;
    }

    @Override
    public int get(int index) {
      return Byte.toUnsignedInt(values[index]);
    }

    @Override
    public void set(int index, int value) {
      values[index] = (byte) value;
    }

    @Override
    public SmallInts first(int length) {
      return new Bytes(Arrays.copyOf(values, length));
    }

    @Override
    public boolean sameAs(SmallInts other) {
      return other instanceof Bytes that && Arrays.equals(values, that.values);
    }

    @Override
    public int width() {
      return Byte.BYTES;
    }
  }

  private static final class Chars extends SmallInts {
    private final char[] values;

    Chars(char[] values) {
      this.values = values;
    }

    @Override
    public int get(int index) {
      return values[index];
    }

    @Override
    public void set(int index, int value) {
      values[index] = (char) value;
    }

    @Override
    public SmallInts first(int length) {
      return new Chars(Arrays.copyOf(values, length));
    }

    @Override
    public boolean sameAs(SmallInts other) {
      return other instanceof Chars that && Arrays.equals(values, that.values);
    }

    @Override
    public int width() {
      return Character.BYTES;
    }
  }

  private static final class Ints extends SmallInts {
    private final int[] values;

    Ints(int[] values) {
      this.values = values;
    }

    @Override
    public int get(int index) {
      return values[index];
    }

    @Override
    public void set(int index, int value) {
      values[index] = value;
    }

    @Override
    public SmallInts first(int length) {
      return new Ints(Arrays.copyOf(values, length));
    }

    @Override
    public boolean sameAs(SmallInts other) {
      return other instanceof Ints that && Arrays.equals(values, that.values);
    }

    @Override
    public int width() {
      return Integer.BYTES;
    }
  }
}
