package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.random.Seed;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Draws facts of one graph, of those queries that are to be taken. Immutable and thread-safe. */
final class ChosenQueries {
  private final RandomWalks walks;
  private final WalkCounts counts;
  private final GraphFacts facts;
  private final OptionalInt maxAnswers;

  /** What is known already, so that a query needs an answer that does not follow from it. */
  private final @Nullable GraphFacts known;

  ChosenQueries(
      KnowledgeGraph graph,
      int maxHops,
      GraphFacts facts,
      OptionalInt maxAnswers,
      @Nullable GraphFacts known) {
    this.walks = RandomWalks.of(graph, maxHops);
    this.counts = new WalkCounts(graph, walks.reach());
    this.facts = facts;
    this.maxAnswers = maxAnswers;
    this.known = known;
  }

  /**
   * Prepares the queries of a number of hops.
   *
   * @param wanted the number of queries that are going to be asked at most
   * @param other queries that are not to be taken
   */
  Walks walks(int hops, int wanted, @Nullable WalkSet other) {
    return new Walks(walks, counts, hops, wanted, choice(hops, other), restriction());
  }

  /**
   * Returns what chooses queries of a number of hops in one thread; null if all are taken.
   *
   * @param other queries that are not to be taken
   */
  @Nullable QueryChoice choice(int hops, @Nullable WalkSet other) {
    if (maxAnswers() == Integer.MAX_VALUE && known == null && other == null) {
      return null;
    }
    ChainEnds ends = facts.ends();
    ChainEnds knownEnds = known == null ? null : known.ends();
    return query -> {
      if (other != null && other.has(query)) {
        return false;
      }
      int[] found = ends.of(query, 0, hops);
      return found.length <= maxAnswers()
          && (knownEnds == null || !Arrays.equals(found, knownEnds.of(query, 0, hops)));
    };
  }

  private int maxAnswers() {
    return facts.areAmbiguous() ? maxAnswers.orElse(Integer.MAX_VALUE) : Integer.MAX_VALUE;
  }

  /** Returns which queries are taken, in words for messages, after a space; empty if all are. */
  String restriction() {
    int most = maxAnswers();
    return (most == Integer.MAX_VALUE
            ? ""
            : " with at most " + most + (most == 1 ? " answer" : " answers"))
        + (known == null ? "" : " that need a fact outside the training graph");
  }

  /** Returns the random walks that lead to queries. */
  RandomWalks walks() {
    return walks;
  }

  /** Returns the least number of queries of so many hops, not counting which are taken. */
  long atLeast(int hops) {
    return counts.atLeast(hops);
  }

  /** Returns the facts of queries, with answers that do not follow from what is known. */
  Facts facts(int hops, int[] queries, Seed seed) {
    return facts.facts(hops, queries, seed, known);
  }

  /** Returns what {@link #facts(int, int[], Seed)} does, with another way to choose answers. */
  Facts facts(int hops, int[] queries, OwnAnswer own) {
    return facts.facts(hops, queries, own, known);
  }
}
