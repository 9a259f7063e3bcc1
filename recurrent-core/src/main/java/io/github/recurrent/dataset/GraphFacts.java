package io.github.recurrent.dataset;

import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.util.Arrays;
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
    return of(graph, vocabulary, 1, rows);
  }

  /**
   * @param rows {@code hops + 2} indices a fact, replaced by the ids of their tokens
   */
  static Facts of(KnowledgeGraph graph, Vocabulary vocabulary, int hops, int[] rows) {
    AnswerSets answers = answers(graph, vocabulary, hops, rows);
    for (int i = 0; i < rows.length; i++) {
      int column = i % (hops + 2);
      rows[i] =
          column == 0 || column == hops + 1
              ? vocabulary.entityId(rows[i])
              : vocabulary.relationId(rows[i]);
    }
    return Facts.of(vocabulary, hops, rows).withAnswers(answers);
  }

  private static AnswerSets answers(
      KnowledgeGraph graph, Vocabulary vocabulary, int hops, int[] rows) {
    if (!graph.isAmbiguous()) {
      return AnswerSets.SINGLE;
    }
    AnswerSets.Builder answers = new AnswerSets.Builder();
    for (int row = 0; row < rows.length; row += hops + 2) {
      int[] relations = Arrays.copyOfRange(rows, row + 1, row + 1 + hops);
      answers.add(
          ImmutableIntArray.copyOf(
              graph.tails(rows[row], relations).stream().map(vocabulary::entityId)));
    }
    return answers.build();
  }

  /** Returns at most so many facts, drawn without repetition where there are more. */
  static Facts sample(Facts facts, int count, Seed seed) {
    if (facts.size() <= count) {
      return facts;
    }
    int[] chosen = new PermutationSampler(RandomStream.of(seed), facts.size(), count).sample();
    return facts.chosen(chosen);
  }
}
