package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Arrays;
import java.util.List;

/** Queries as token ids, one row each, of possibly different lengths. Immutable and thread-safe. */
public final class QueryBatch {
  private final Vocabulary vocabulary;
  private final int[][] rows;
  private final int longest;

  private QueryBatch(Vocabulary vocabulary, int[][] rows) {
    checkArgument(rows.length > 0, "a batch needs at least one query");
    this.vocabulary = vocabulary;
    this.rows = rows;
    int max = 0;
    for (int[] row : rows) {
      max = Math.max(max, row.length);
    }
    this.longest = max;
  }

  /**
   * Returns the batch of the given queries, in their order.
   *
   * @throws IllegalArgumentException if there is none, or the vocabulary lacks a token of one
   */
  public static QueryBatch of(Vocabulary vocabulary, List<Query> queries) {
    int[][] rows = new int[queries.size()][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = vocabulary.encode(queries.get(row));
    }
    return new QueryBatch(vocabulary, rows);
  }

  /**
   * Returns the batch of the queries of the given facts, in their order.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static QueryBatch of(Facts facts) {
    int[][] rows = new int[facts.size()][];
    for (int fact = 0; fact < rows.length; fact++) {
      rows[fact] = facts.queryIds(fact);
    }
    return new QueryBatch(facts.vocabulary(), rows);
  }

  /** Returns the vocabulary of the ids. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Returns the number of queries, at least 1. */
  public int size() {
    return rows.length;
  }

  /** Returns the number of tokens of a query: its hops plus one. */
  public int length(int row) {
    return rows[checkElementIndex(row, rows.length, "row")].length;
  }

  /** Returns the number of tokens of the longest query. */
  public int longest() {
    return longest;
  }

  /** Returns the id of a token of a query. */
  public int id(int row, int position) {
    return rows[checkElementIndex(row, rows.length, "row")][position];
  }

  /** Returns a copy of the ids of a query's tokens: its head, then its relations. */
  public int[] ids(int row) {
    return rows[checkElementIndex(row, rows.length, "row")].clone();
  }

  /**
   * Returns the ids as {@code [size, length]} in row-major order, each row padded on the right with
   * 0, where the length is the model's {@link RecurrentDepthTransformer#paddedLength}.
   *
   * @throws IllegalArgumentException if the model takes no query of the longest's length
   */
  public long[] paddedIds(RecurrentDepthTransformer model) {
    int length = model.paddedLength(longest);
    long[] padded = new long[Math.multiplyExact(rows.length, length)];
    for (int row = 0; row < rows.length; row++) {
      for (int position = 0; position < rows[row].length; position++) {
        padded[row * length + position] = rows[row][position];
      }
    }
    return padded;
  }

  /** Returns the index at which each row is read, by the model's read position. */
  public int[] readIndices(RecurrentDepthTransformer model) {
    int[] indices = new int[rows.length];
    for (int row = 0; row < rows.length; row++) {
      indices[row] = model.readPosition().index(rows[row].length);
    }
    return indices;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof QueryBatch that
        && Arrays.deepEquals(rows, that.rows)
        && vocabulary.equals(that.vocabulary);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(rows);
  }

  @Override
  public String toString() {
    return "QueryBatch[" + rows.length + " queries of at most " + (longest - 1) + " hops]";
  }
}
