package io.github.recurrent.internal.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Facts in the order in which they come, by their numbers; they grow without being copied. */
public final class FactColumns {
  private static final int CHUNK_BITS = 14;
  private static final int CHUNK = 1 << CHUNK_BITS;
  private static final int LEAST = 16;

  private final List<int[]> heads = new ArrayList<>();
  private final List<int[]> relations = new ArrayList<>();
  private final List<int[]> tails = new ArrayList<>();
  private final int limit;
  private int size;

  public FactColumns() {
    this(NameTable.LONGEST_ARRAY);
  }

  /**
   * Creates columns without facts.
   *
   * @param limit the most facts, fewer than an array holds for tests
   */
  public FactColumns(int limit) {
    this.limit = limit;
  }

  public int size() {
    return size;
  }

  /**
   * Adds a fact.
   *
   * @throws IllegalArgumentException if an array holds no more
   */
  public void add(int head, int relation, int tail) {
    if (size == limit) {
      throw new IllegalArgumentException(
          "a graph holds at most " + limit + " triples, and this is one more; leave some out");
    }
    int chunk = size >>> CHUNK_BITS;
    int index = size & (CHUNK - 1);
    if (index == 0 || (chunk == 0 && index == heads.get(0).length)) {
      makeRoom(chunk, index);
    }
    heads.get(chunk)[index] = head;
    relations.get(chunk)[index] = relation;
    tails.get(chunk)[index] = tail;
    size++;
  }

  private void makeRoom(int chunk, int index) {
    for (List<int[]> column : List.of(heads, relations, tails)) {
      if (index > 0) {
        column.set(0, Arrays.copyOf(column.get(0), Math.min(2 * index, CHUNK)));
      } else {
        column.add(new int[chunk == 0 ? LEAST : CHUNK]);
      }
    }
  }

  public int head(int fact) {
    return heads.get(fact >>> CHUNK_BITS)[fact & (CHUNK - 1)];
  }

  public int relation(int fact) {
    return relations.get(fact >>> CHUNK_BITS)[fact & (CHUNK - 1)];
  }

  public int tail(int fact) {
    return tails.get(fact >>> CHUNK_BITS)[fact & (CHUNK - 1)];
  }
}
