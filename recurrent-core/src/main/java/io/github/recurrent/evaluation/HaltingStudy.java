package io.github.recurrent.evaluation;

import com.google.common.collect.ImmutableList;
import com.google.common.math.Quantiles;
import com.google.common.math.Stats;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import org.immutables.value.Value;

/**
 * Accuracy and number of iterations by type of fact under a halting rule (paper fig. 9 and 10).
 * Immutable and thread-safe.
 */
@Value.Immutable
public abstract class HaltingStudy {
  HaltingStudy() {}

  /** Answers all facts of a split under a halting rule. */
  public static HaltingStudy run(Reasoner reasoner, Split split, Halting halting) {
    ImmutableHaltingStudy.Builder study = ImmutableHaltingStudy.builder().halting(halting);
    split.byType().forEach((type, facts) -> study.addRows(row(reasoner, halting, type, facts)));
    return study.build();
  }

  private static Row row(Reasoner reasoner, Halting halting, String type, Facts facts) {
    int right = 0;
    ImmutableList.Builder<Integer> iterations = ImmutableList.builderWithExpectedSize(facts.size());
    for (FactBatch batch : FactBatch.of(facts)) {
      ImmutableList<Answer> answers = reasoner.answer(batch.queries(), halting);
      for (int row = 0; row < batch.size(); row++) {
        if (answers.get(row).tokenId() == batch.answerId(row)) {
          right++;
        }
        iterations.add(answers.get(row).iterations());
      }
    }
    ImmutableList<Integer> used = iterations.build();
    Stats stats = Stats.of(used);
    return new Row(
        type,
        facts.hops(),
        facts.size(),
        (double) right / facts.size(),
        stats.mean(),
        Quantiles.median().compute(used),
        stats.populationStandardDeviation(),
        (int) stats.min(),
        (int) stats.max());
  }

  /** Returns the halting rule. */
  public abstract Halting halting();

  /** Returns the figures of each type of fact, in the order of the split. */
  public abstract ImmutableList<Row> rows();

  /**
   * The figures of one type of fact.
   *
   * @param type the type, such as {@code 5hop_test}
   * @param hops the number of hops of the facts
   * @param facts the number of facts
   * @param accuracy the share of facts answered right, in [0, 1]
   * @param meanIterations the mean number of iterations
   * @param medianIterations the median number of iterations
   * @param iterationsDeviation the population standard deviation of the number of iterations
   * @param minIterations the least number of iterations of a fact
   * @param maxIterations the greatest number of iterations of a fact
   */
  public record Row(
      String type,
      int hops,
      int facts,
      double accuracy,
      double meanIterations,
      double medianIterations,
      double iterationsDeviation,
      int minIterations,
      int maxIterations) {}
}
