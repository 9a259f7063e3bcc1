package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;
import static com.google.common.base.Preconditions.checkPositionIndexes;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Lists;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.graph.Query;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.util.List;
import java.util.Set;
import org.apache.commons.rng.sampling.PermutationSampler;

/**
 * Facts of one number of hops: queries with their answers, held as token ids.
 *
 * <p>A query has a set of right answers, one of which is the fact's. In a graph where no head has
 * two tails by a relation, it is the only one. Facts of one hop are the atomic facts. Immutable and
 * thread-safe.
 */
public final class Facts {
  private final Vocabulary vocabulary;
  private final int hops;
  private final IdRows ids;
  private final AnswerSets sets;

  private Facts(Vocabulary vocabulary, int hops, IdRows ids, AnswerSets sets) {
    this.vocabulary = vocabulary;
    this.hops = hops;
    this.ids = ids;
    this.sets = sets;
  }

  /**
   * Returns the facts held in an array of token ids, which becomes theirs.
   *
   * @param ids {@code hops + 2} ids a fact: head, relations, answer
   * @throws IllegalArgumentException if {@code hops < 1} or the array holds a part of a fact
   */
  static Facts of(Vocabulary vocabulary, int hops, int[] ids) {
    return of(vocabulary, hops, new HeapIds(ids));
  }

  /**
   * Returns the facts held as token ids.
   *
   * @param ids {@code hops + 2} ids a fact: head, relations, answer
   * @throws IllegalArgumentException if {@code hops < 1}, there is a part of a fact, or there are
   *     more than 2³¹ - 1
   */
  static Facts of(Vocabulary vocabulary, int hops, IdRows ids) {
    checkArgument(hops >= 1, "hops must be at least 1, but is %s", hops);
    checkArgument(
        ids.length() % (hops + 2) == 0,
        "%s ids are not a whole number of %s-hop facts",
        ids.length(),
        hops);
    checkArgument(
        ids.length() / (hops + 2) <= Integer.MAX_VALUE,
        "%s facts of %s hops are more than %s",
        ids.length() / (hops + 2),
        hops,
        Integer.MAX_VALUE);
    return new Facts(vocabulary, hops, ids, SharedAnswers.SINGLE);
  }

  /**
   * Returns the facts of queries that have one answer each, such as a test set of one's own. The
   * facts are in the order of the queries, each of which is one of its own, whether or not it
   * repeats another.
   *
   * @param answers the answer to each query: the name of an entity, or its token
   * @param vocabulary that of the model
   * @throws IllegalArgumentException if there is no query, there are not as many answers, the
   *     queries are of several numbers of hops, or the vocabulary lacks a name; the message then
   *     lists the nearest
   */
  public static Facts of(List<Query> queries, List<String> answers, Vocabulary vocabulary) {
    return OwnFacts.of(queries, Lists.transform(answers, ImmutableSet::of), vocabulary);
  }

  /**
   * Returns the facts of queries that have several right answers, as the other method does.
   *
   * @param answers all right answers to each query, at least one: the names of entities, or their
   *     tokens; the first of a set is the fact's own
   * @throws IllegalArgumentException as the other method does, and if a set is empty
   */
  public static Facts ofSets(
      List<Query> queries, List<? extends Set<String>> answers, Vocabulary vocabulary) {
    return OwnFacts.of(queries, answers, vocabulary);
  }

  /** Returns these facts with the sets of answers of their queries. */
  Facts withAnswers(AnswerSets answers) {
    return new Facts(vocabulary, hops, ids, answers);
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
    return (int) (ids.length() / (hops + 2));
  }

  /**
   * Returns the id of a token of a fact's query: 0 is the head, 1 to {@code hops()} the relations.
   */
  public int queryId(int fact, int position) {
    return ids.id(row(fact) + checkElementIndex(position, hops + 1, "position"));
  }

  /** Returns the id of a fact's answer, one of those of its query. */
  public int answerId(int fact) {
    return ids.id(row(fact) + hops + 1);
  }

  /** Returns the ids of all right answers to a fact's query, in ascending order. */
  public ImmutableIntArray answerIds(int fact) {
    return sets.isSingle()
        ? ImmutableIntArray.of(answerId(fact))
        : sets.of(checkElementIndex(fact, size(), "fact"));
  }

  /** Returns whether a token is a right answer to a fact's query. */
  public boolean isAnswer(int fact, int id) {
    return id == answerId(fact) || (!sets.isSingle() && sets.has(fact, id));
  }

  /** Returns whether a query may have several right answers. */
  public boolean haveSeveralAnswers() {
    return !sets.isSingle();
  }

  /** Returns the ids of a fact's query: the head, then its relations. */
  public int[] queryIds(int fact) {
    int[] query = new int[hops + 1];
    ids.copy(row(fact), query, 0, query.length);
    return query;
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
    int[] rows = new int[Math.multiplyExact(to - from, hops + 2)];
    ids.copy((long) from * (hops + 2), rows, 0, rows.length);
    return new Facts(vocabulary, hops, new HeapIds(rows), sets.subList(from, to));
  }

  /** Returns the facts at the given indices, in their order. */
  Facts chosen(int[] facts) {
    int[] rows = new int[Math.multiplyExact(facts.length, hops + 2)];
    AnswerSets.Builder answers = new AnswerSets.Builder();
    for (int index = 0; index < facts.length; index++) {
      ids.copy(row(facts[index]), rows, index * (hops + 2), hops + 2);
      answers.add(answerIds(facts[index]));
    }
    return new Facts(vocabulary, hops, new HeapIds(rows), answers.build());
  }

  /** Returns at most so many facts, drawn without repetition where there are more. */
  Facts sample(int count, Seed seed) {
    return size() <= count
        ? this
        : chosen(new PermutationSampler(RandomStream.of(seed), size(), count).sample());
  }

  private long row(int fact) {
    return (long) checkElementIndex(fact, size(), "fact") * (hops + 2);
  }

  /** Returns the number of right answers to a fact's query, at least 1. */
  public int answers(int fact) {
    return sets.isSingle() ? 1 : sets.count(checkElementIndex(fact, size(), "fact"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Facts that
        && hops == that.hops
        && vocabulary.equals(that.vocabulary)
        && ids.hasSame(that.ids)
        && sets.hasSame(that.sets, size());
  }

  @Override
  public int hashCode() {
    return 31 * hops + ids.hash();
  }

  @Override
  public String toString() {
    return "Facts[" + size() + " of " + hops + " hops]";
  }
}
