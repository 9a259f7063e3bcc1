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
    ChainEnds ends = facts.ends();
    ChainEnds knownEnds = known == null ? null : known.ends();
    int most = facts.areAmbiguous() ? maxAnswers.orElse(Integer.MAX_VALUE) : Integer.MAX_VALUE;
    boolean all = most == Integer.MAX_VALUE && knownEnds == null && other == null;
    QueryChoice choice =
        query -> {
          if (other != null && other.has(query)) {
            return false;
          }
          int[] found = ends.of(query, 0, hops);
          return found.length <= most
              && (knownEnds == null || !Arrays.equals(found, knownEnds.of(query, 0, hops)));
        };
    return new Walks(walks, counts, hops, wanted, all ? null : choice, restriction(most));
  }

  private String restriction(int most) {
    return (most == Integer.MAX_VALUE
            ? ""
            : " with at most " + most + (most == 1 ? " answer" : " answers"))
        + (known == null ? "" : " that need a fact outside the training graph");
  }

  /** Returns the facts of queries, with answers that do not follow from what is known. */
  Facts facts(int hops, int[] queries, Seed seed) {
    return facts.facts(hops, queries, seed, known);
  }
}
