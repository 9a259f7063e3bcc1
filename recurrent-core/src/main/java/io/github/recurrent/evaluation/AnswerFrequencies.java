package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Vocabulary;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How many facts that end in a relation have each answer, by token ids. Immutable and thread-safe.
 */
final class AnswerFrequencies {
  private static final OfRelation NONE = new OfRelation(ImmutableMap.of());

  private final ImmutableMap<Integer, OfRelation> byRelation;

  private AnswerFrequencies(ImmutableMap<Integer, OfRelation> byRelation) {
    this.byRelation = byRelation;
  }

  /** Counts each right answer to a fact's query once. */
  static AnswerFrequencies of(Collection<Facts> trained, Vocabulary vocabulary) {
    Map<Integer, Map<Integer, Integer>> counts = new HashMap<>();
    for (Facts facts : trained) {
      checkArgument(
          facts.vocabulary().equals(vocabulary),
          "the facts to guess from are of another vocabulary than the model: %s, not %s",
          facts.vocabulary(),
          vocabulary);
      for (int fact = 0; fact < facts.size(); fact++) {
        Map<Integer, Integer> ofRelation =
            counts.computeIfAbsent(facts.queryId(fact, facts.hops()), unused -> new HashMap<>());
        facts.answerIds(fact).forEach(answer -> ofRelation.merge(answer, 1, Integer::sum));
      }
    }
    ImmutableMap.Builder<Integer, OfRelation> byRelation = ImmutableMap.builder();
    counts.forEach(
        (relation, ofRelation) ->
            byRelation.put(relation, new OfRelation(ImmutableMap.copyOf(ofRelation))));
    return new AnswerFrequencies(byRelation.buildOrThrow());
  }

  OfRelation ofRelation(int relation) {
    return byRelation.getOrDefault(relation, NONE);
  }

  /**
   * The counts of one relation.
   *
   * @param counts by the ids of answers
   */
  record OfRelation(ImmutableMap<Integer, Integer> counts) {
    double of(int answer) {
      return counts.getOrDefault(answer, 0);
    }
  }
}
