package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import org.apache.commons.rng.sampling.PermutationSampler;

/** Facts from a graph's indices. */
final class GraphFacts {
  private GraphFacts() {}

  static Facts atomic(KnowledgeGraph graph, Vocabulary vocabulary) {
    int[] rows = new int[3 * graph.atomicFacts()];
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      rows[3 * fact] = graph.head(fact);
      rows[3 * fact + 1] = graph.relation(fact);
      rows[3 * fact + 2] = graph.tail(fact);
    }
    return of(vocabulary, 1, rows);
  }

  /**
   * @param rows {@code hops + 2} indices a fact, replaced by the ids of their tokens
   */
  static Facts of(Vocabulary vocabulary, int hops, int[] rows) {
    for (int i = 0; i < rows.length; i++) {
      int column = i % (hops + 2);
      rows[i] =
          column == 0 || column == hops + 1
              ? vocabulary.entityId(rows[i])
              : vocabulary.relationId(rows[i]);
    }
    return Facts.of(vocabulary, hops, rows);
  }

  /** Returns at most so many facts, drawn without repetition where there are more. */
  static Facts sample(Facts facts, int count, Seed seed) {
    if (facts.size() <= count) {
      return facts;
    }
    int[] chosen = new PermutationSampler(RandomStream.of(seed), facts.size(), count).sample();
    FactsBuilder sample = new FactsBuilder(facts.vocabulary(), facts.hops());
    for (int fact : chosen) {
      sample.add(facts.queryIds(fact), facts.answerId(fact));
    }
    return sample.build();
  }
}
