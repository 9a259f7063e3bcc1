package io.github.recurrent.internal.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Distinct names, numbered from 0 in the order in which they came: UTF-8, one behind the other in
 * an array of bytes, with a hash table of their numbers.
 *
 * <p>Not thread-safe while names are added. A graph's tables no longer change.
 */
public final class NameTable {
  /** The longest array that every virtual machine allocates. */
  public static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int LEAST_BITS = 4;
  private static final int MOST_BITS = 30;

  /** Unknown to whoever writes a file, who could let all its names collide otherwise. */
  private static final long MULTIPLIER = new SecureRandom().nextLong() | 1;

  private byte[] bytes = new byte[64];
  private int[] ends = new int[8];
  private int size;
  private int bits = LEAST_BITS;

  /**
   * A number of {@link #bits} bits, which is that of a name plus 1, under the other bits of the
   * name's hash, by which most names that are not looked for are told apart without a look at them;
   * or 0.
   */
  private int[] slots = new int[1 << LEAST_BITS];

  public NameTable() {}

  /** Returns a table of the numbers from 0, as names. */
  public static NameTable numbers(int count) {
    NameTable names = new NameTable();
    IntStream.range(0, count).mapToObj(Integer::toString).forEach(names::add);
    names.trim();
    return names;
  }

  public int size() {
    return size;
  }

  /** Returns the number of a name. */
  public int add(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return add(utf8, 0, utf8.length);
  }

  /**
   * Returns the number of a name, which is the greatest so far if the name is new.
   *
   * @throws IllegalArgumentException if the name does not fit into the table
   */
  public int add(byte[] source, int from, int to) {
    long hash = hash(source, from, to);
    int slot = slot(hash, source, from, to);
    if (slots[slot] != 0) {
      return number(slots[slot]);
    }
    append(source, from, to);
    slots[slot] = entry(hash, size - 1);
    if (size * 4L >= slots.length * 3L) {
      grow();
    }
    return size - 1;
  }

  /** Returns the number of another table's name. */
  public int addFrom(NameTable other, int number) {
    return add(other.bytes, other.start(number), other.ends[number]);
  }

  /** Returns the number of a name, or -1 if the table does not have it. */
  public int find(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    int found = find(utf8, 0, utf8.length);
    // Half of a surrogate pair becomes a question mark, which another name may have there.
    boolean exact = name.chars().noneMatch(c -> Character.isSurrogate((char) c));
    return found < 0 || exact || name.equals(name(found)) ? found : -1;
  }

  /** Returns the number of a name, or -1 if the table does not have it. */
  public int find(byte[] source, int from, int to) {
    int entry = slots[slot(hash(source, from, to), source, from, to)];
    return entry == 0 ? -1 : number(entry);
  }

  public String name(int number) {
    int start = start(number);
    return new String(bytes, start, ends[number] - start, StandardCharsets.UTF_8);
  }

  /** Returns the bytes of all names, which must not be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns where a name begins in the bytes. */
  public int start(int number) {
    return number == 0 ? 0 : ends[number - 1];
  }

  /** Returns where a name ends in the bytes. */
  public int end(int number) {
    return ends[number];
  }

  public boolean isAscii(int number) {
    for (int index = start(number); index < ends[number]; index++) {
      if (bytes[index] < 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the bytes of memory that the hash table and the ends of the names take. */
  public long overhead() {
    return Integer.BYTES * ((long) slots.length + ends.length);
  }

  /** Gives back the memory that was kept for more names. */
  public void trim() {
    int used = size == 0 ? 0 : ends[size - 1];
    if (bytes.length > used) {
      bytes = Arrays.copyOf(bytes, used);
    }
    if (ends.length > size) {
      ends = Arrays.copyOf(ends, size);
    }
  }

  private int number(int entry) {
    return (entry & ((1 << bits) - 1)) - 1;
  }

  private int entry(long hash, int number) {
    return tag(hash) | (number + 1);
  }

  private int tag(long hash) {
    return (int) hash << bits;
  }

  /** Returns the slot of a name, or the free one where it belongs. */
  private int slot(long hash, byte[] source, int from, int to) {
    int mask = slots.length - 1;
    int numbers = (1 << bits) - 1;
    int tag = tag(hash);
    int slot = (int) (hash >>> (Long.SIZE - bits));
    while (true) {
      int entry = slots[slot];
      if (entry == 0 || ((entry & ~numbers) == tag && has(number(entry), source, from, to))) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  private boolean has(int number, byte[] source, int from, int to) {
    return Arrays.equals(bytes, start(number), ends[number], source, from, to);
  }

  private void append(byte[] source, int from, int to) {
    int used = size == 0 ? 0 : ends[size - 1];
    if (to - from > LONGEST_ARRAY - used || size == (1 << (MOST_BITS - 1))) {
      throw new IllegalArgumentException(
          "a graph holds at most "
              + (1 << (MOST_BITS - 1))
              + " names of at most "
              + LONGEST_ARRAY
              + " bytes in all, but there are more than "
              + size
              + " names of "
              + used
              + " bytes");
    }
    if (bytes.length - used < to - from) {
      bytes = Arrays.copyOf(bytes, grown(bytes.length, used + (to - from)));
    }
    if (ends.length == size) {
      ends = Arrays.copyOf(ends, grown(ends.length, size + 1));
    }
    System.arraycopy(source, from, bytes, used, to - from);
    ends[size++] = used + (to - from);
  }

  private static int grown(int length, int needed) {
    return (int) Math.min(Math.max(needed, length + (length >> 1) + 8L), LONGEST_ARRAY);
  }

  private void grow() {
    bits++;
    slots = new int[1 << bits];
    int mask = slots.length - 1;
    for (int number = 0; number < size; number++) {
      long hash = hash(bytes, start(number), ends[number]);
      int slot = (int) (hash >>> (Long.SIZE - bits));
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = entry(hash, number);
    }
  }

  private static long hash(byte[] source, int from, int to) {
    long hash = MULTIPLIER ^ (to - from);
    int index = from;
    for (; index + Long.BYTES <= to; index += Long.BYTES) {
      hash = mixed(hash ^ (long) WORD.get(source, index));
    }
    long rest = 0;
    for (; index < to; index++) {
      rest = (rest << Byte.SIZE) | Byte.toUnsignedLong(source[index]);
    }
    return mixed(mixed(hash ^ rest));
  }

  private static long mixed(long word) {
    return Math.multiplyHigh(word, MULTIPLIER) ^ (word * MULTIPLIER);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NameTable that
        && size == that.size
        && Arrays.equals(ends, 0, size, that.ends, 0, size)
        && Arrays.equals(bytes, 0, start(size), that.bytes, 0, start(size));
  }

  @Override
  public int hashCode() {
    return 31 * size + (size == 0 ? 0 : ends[size - 1]);
  }
}
