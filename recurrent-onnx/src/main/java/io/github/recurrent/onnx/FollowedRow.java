package io.github.recurrent.onnx;

import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.spi.HaltingRow;
import io.github.recurrent.reasoning.spi.Reading;
import io.github.recurrent.reasoning.spi.Reading.HiddenChange;
import java.util.Optional;
import java.util.OptionalDouble;

/** A row of a {@link LiveBatch} that is followed until it halts. Not thread-safe. */
class FollowedRow extends LiveBatch.Row {
  private final int width;
  private final Halting halting;
  private final HaltingRow following;
  private final HiddenChange change = new HiddenChange();

  /**
   * @param query the ids of head and relations
   */
  FollowedRow(RecurrentDepthTransformer model, int[] query, Halting halting) {
    super(model, query);
    this.width = model.width();
    this.halting = halting;
    this.following = halting.row();
  }

  final Halting halting() {
    return halting;
  }

  /** Returns the number of iterations so far. */
  final int iterations() {
    return following.iterations();
  }

  /** Returns how many iterations the halting rule does not look at before the next that it does. */
  final int unread() {
    return following.unread();
  }

  /** Takes iterations that the halting rule does not look at. */
  final void skip(int iterations) {
    following.skip(iterations);
  }

  /**
   * Takes what was read after the next iteration, and returns the answer if this row halts.
   *
   * @param index the number of this row among those that were read
   */
  final Optional<Answer> take(Vocabulary vocabulary, Readings read, int index) {
    OptionalDouble moved =
        halting.looksAtHiddenState()
            ? OptionalDouble.of(change.next(read.states(), index, width))
            : OptionalDouble.empty();
    Reading reading = Reading.of(vocabulary, halting, read.logits(), index, moved);
    return following.halts(reading)
        ? Optional.of(
            Answer.of(vocabulary, reading.distribution(), following.iterations(), halting))
        : Optional.empty();
  }
}
