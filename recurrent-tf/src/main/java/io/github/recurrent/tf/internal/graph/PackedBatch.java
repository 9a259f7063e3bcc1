package io.github.recurrent.tf.internal.graph;

import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens of a batch one after another, without pads but those that are read.
 *
 * <p>Pads are never attended to, so that a pad that is not read changes nothing: leaving it out
 * keeps the function and makes rows of different lengths cost no more than their tokens. Attention
 * is causal, so that rows that begin alike compute alike there: they can share those tokens. The
 * read tokens come first, in the order of their rows, and are never shared. Immutable.
 */
public final class PackedBatch {
  private final int rows;
  private final int length;
  private final int[] ids;
  private final int[] positions;
  private final int[] cells;
  private final int[] tokens;

  private PackedBatch(int rows, int length, int[] ids, int[] positions, int[] cells, int[] tokens) {
    this.rows = rows;
    this.length = length;
    this.ids = ids;
    this.positions = positions;
    this.cells = cells;
    this.tokens = tokens;
  }

  /**
   * Packs queries, each row with tokens of its own.
   *
   * @param queries the ids of each row's head and relations
   * @throws IllegalArgumentException if the model takes no query of a row's length
   */
  public static PackedBatch of(RecurrentDepthTransformer model, List<int[]> queries) {
    return pack(model, queries, false);
  }

  /**
   * Packs queries, those that begin alike with common tokens.
   *
   * @param queries the ids of each row's head and relations
   * @throws IllegalArgumentException if the model takes no query of a row's length
   */
  public static PackedBatch sharing(RecurrentDepthTransformer model, List<int[]> queries) {
    return pack(model, queries, true);
  }

  private static PackedBatch pack(
      RecurrentDepthTransformer model, List<int[]> queries, boolean shares) {
    int rows = queries.size();
    int length = 0;
    int total = 0;
    for (int[] query : queries) {
      model.paddedLength(query.length);
      int size = packedSize(model, query);
      length = Math.max(length, size);
      total += size;
    }
    int[] ids = new int[total];
    int[] positions = new int[total];
    int[] cells = new int[total];
    int[] tokens = new int[rows * length];
    Arrays.fill(tokens, -1);
    Map<Beginning, Integer> common = new HashMap<>();
    int next = rows;
    for (int row = 0; row < rows; row++) {
      int[] query = queries.get(row);
      int last = packedSize(model, query) - 1;
      int token = -1;
      for (int column = 0; column < last; column++) {
        Beginning beginning = new Beginning(token, query[column]);
        Integer known = shares ? common.putIfAbsent(beginning, next) : null;
        token = known == null ? next++ : known;
        tokens[row * length + column] = token;
        if (known == null) {
          ids[token] = query[column];
          positions[token] = column;
          cells[token] = row * length + column;
        }
      }
      ids[row] = last < query.length ? query[last] : 0;
      positions[row] = model.readPosition().index(query.length);
      cells[row] = row * length + last;
      tokens[row * length + last] = row;
    }
    return new PackedBatch(
        rows,
        length,
        Arrays.copyOf(ids, next),
        Arrays.copyOf(positions, next),
        Arrays.copyOf(cells, next),
        tokens);
  }

  /** A token after the same tokens as another; −1 before the first. */
  private record Beginning(int before, int id) {}

  /** The query's tokens up to the read position, and the pad there if one is read. */
  private static int packedSize(RecurrentDepthTransformer model, int[] query) {
    return Math.min(model.readPosition().index(query.length), query.length) + 1;
  }

  public int rows() {
    return rows;
  }

  /** Returns the number of tokens of the longest row. */
  public int length() {
    return length;
  }

  /** Returns the ids of all tokens. */
  public int[] ids() {
    return ids;
  }

  /** Returns the position of every token in its row as published, pads counted. */
  public int[] positions() {
    return positions;
  }

  /** Returns where each token first stands in {@code [rows, length]}, in row-major order. */
  public int[] cells() {
    return cells;
  }

  /** Returns the token at each place of {@code [rows, length]}; −1 where there is none. */
  public int[] tokens() {
    return tokens;
  }
}
