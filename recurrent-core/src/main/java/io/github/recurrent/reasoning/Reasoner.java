package io.github.recurrent.reasoning;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.List;
import java.util.Locale;
import org.immutables.value.Value;

/**
 * A model that answers queries; the one inference contract, whatever runs the model.
 *
 * <p>Implementations are thread-safe unless they say otherwise. A closed reasoner throws {@link
 * IllegalStateException}; closing it again does nothing.
 */
public interface Reasoner extends AutoCloseable {
  /** Returns the specification of the model. */
  RecurrentDepthTransformer model();

  /** Returns the tokens of the model. */
  Vocabulary vocabulary();

  /**
   * Returns how the model was made: data, configuration, seed, library version, by name; nothing
   * where that is not known.
   */
  default ImmutableMap<String, String> provenance() {
    return ImmutableMap.of();
  }

  /**
   * Answers the queries of a batch, in their order.
   *
   * @throws IllegalArgumentException if the batch is of another vocabulary, or the model takes no
   *     query of its longest's length
   */
  ImmutableList<Answer> answer(QueryBatch queries, Halting halting);

  /**
   * Runs every query of a batch for the given number of iterations.
   *
   * @throws IllegalArgumentException if {@code iterations < 1}, the batch is of another vocabulary,
   *     or the model takes no query of its longest's length
   */
  Trajectory trajectory(QueryBatch queries, int iterations);

  /**
   * Answers queries, in their order.
   *
   * @throws IllegalArgumentException if there is none, or the model cannot take one
   */
  default ImmutableList<Answer> answer(List<Query> queries, Halting halting) {
    return answer(QueryBatch.of(vocabulary(), queries), halting);
  }

  /**
   * Answers a query.
   *
   * @throws IllegalArgumentException if the model cannot take it
   */
  default Answer answer(Query query, Halting halting) {
    return answer(ImmutableList.of(query), halting).get(0);
  }

  /**
   * Answers facts with this reasoner, the first, and with another, the second, and says how alike
   * they are.
   *
   * @param other a reasoner of the same vocabulary
   * @throws IllegalArgumentException if there are no facts, or a reasoner cannot take them
   */
  default Comparison compare(Reasoner other, Facts facts, Halting halting) {
    return ReasonerComparison.of(this, other, facts, halting);
  }

  @Override
  void close();

  /**
   * How alike two reasoners answer the same facts, such as a model in 32-bit floats and the same in
   * 8-bit integers. Immutable and thread-safe.
   */
  @Value.Immutable
  abstract class Comparison {
    Comparison() {}

    /** Returns the number of facts. */
    public abstract int facts();

    /** Returns the halting rule both ran under. */
    public abstract Halting halting();

    /** Returns the share of facts the first answers right, in [0, 1]. */
    public abstract double firstAccuracy();

    /** Returns the share of facts the second answers right, in [0, 1]. */
    public abstract double secondAccuracy();

    /** Returns the share of facts both answer alike, right or wrong, in [0, 1]. */
    public abstract double agreement();

    /** Returns the share of facts for which both halt after as many iterations, in [0, 1]. */
    public abstract double sameIterations();

    /**
     * Returns the greatest difference of a logit, over all facts, tokens, and iterations up to the
     * later halting.
     */
    public abstract double maxLogitDifference();

    @Override
    public final String toString() {
      return String.format(
          Locale.ROOT,
          "%d facts, %s: accuracy %.4f and %.4f, agreement %.4f, same iterations %.4f,"
              + " greatest difference of a logit %.3g",
          facts(),
          halting(),
          firstAccuracy(),
          secondAccuracy(),
          agreement(),
          sameIterations(),
          maxLogitDifference());
    }
  }
}
