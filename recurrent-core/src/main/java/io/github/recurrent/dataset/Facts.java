package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;
import static com.google.common.base.Preconditions.checkPositionIndexes;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;

/**
 * Facts of one number of hops: queries with their answers, held as token ids in one array.
 *
 * <p>Facts of one hop are the atomic facts. Immutable and thread-safe.
 */
public final class Facts {
  private final Vocabulary vocabulary;
  private final int hops;
  private final int[] ids;

  private Facts(Vocabulary vocabulary, int hops, int[] ids) {
    this.vocabulary = vocabulary;
    this.hops = hops;
    this.ids = ids;
  }

  /**
   * Returns the facts held in an array of token ids, which becomes theirs.
   *
   * @param ids {@code hops + 2} ids a fact: head, relations, answer
   * @throws IllegalArgumentException if {@code hops < 1} or the array holds a part of a fact
   */
  static Facts of(Vocabulary vocabulary, int hops, int[] ids) {
    checkArgument(hops >= 1, "hops must be at least 1, but is %s", hops);
    checkArgument(
        ids.length % (hops + 2) == 0,
        "%s ids are not a whole number of %s-hop facts",
        ids.length,
        hops);
    return new Facts(vocabulary, hops, ids);
  }

  /** Returns the vocabulary of the ids. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Returns the number of hops of every fact. */
  public int hops() {
    return hops;
  }

  /** Returns the number of facts. */
  public int size() {
    return ids.length / (hops + 2);
  }

  /**
   * Returns the id of a token of a fact's query: 0 is the head, 1 to {@code hops()} the relations.
   */
  public int queryId(int fact, int position) {
    return ids[row(fact) + checkElementIndex(position, hops + 1, "position")];
  }

  /** Returns the id of a fact's answer. */
  public int answerId(int fact) {
    return ids[row(fact) + hops + 1];
  }

  /** Returns the ids of a fact's query: the head, then its relations. */
  public int[] queryIds(int fact) {
    int row = row(fact);
    return Arrays.copyOfRange(ids, row, row + hops + 1);
  }

  /** Returns a fact's query. */
  public Query query(int fact) {
    ImmutableList.Builder<String> relations = ImmutableList.builderWithExpectedSize(hops);
    for (int hop = 1; hop <= hops; hop++) {
      relations.add(vocabulary.token(queryId(fact, hop)));
    }
    return Query.of(vocabulary.token(queryId(fact, 0)), relations.build());
  }

  /** Returns the token of a fact's answer. */
  public String answer(int fact) {
    return vocabulary.token(answerId(fact));
  }

  /** Returns the facts from one index (inclusive) to another (exclusive). */
  public Facts subList(int from, int to) {
    checkPositionIndexes(from, to, size());
    return new Facts(vocabulary, hops, Arrays.copyOfRange(ids, from * (hops + 2), to * (hops + 2)));
  }

  private int row(int fact) {
    return checkElementIndex(fact, size(), "fact") * (hops + 2);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Facts that
        && hops == that.hops
        && vocabulary.equals(that.vocabulary)
        && Arrays.equals(ids, that.ids);
  }

  @Override
  public int hashCode() {
    return 31 * hops + Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return "Facts[" + size() + " of " + hops + " hops]";
  }
}
