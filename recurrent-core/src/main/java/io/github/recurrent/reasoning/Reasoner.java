package io.github.recurrent.reasoning;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.List;

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

  @Override
  void close();
}
