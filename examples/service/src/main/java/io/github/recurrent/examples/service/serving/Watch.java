package io.github.recurrent.examples.service.serving;

import io.github.recurrent.examples.service.request.Choices;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.spi.HaltingRow;
import java.util.List;

/**
 * A halting rule that tells of every iteration it is asked about, and halts as another does. For
 * one query. It is not asked about the last iteration that the other allows, which always halts.
 */
public final class Watch implements Halting.Rule {
  private final HaltingRow row;
  private final Listener listener;

  private Watch(HaltingRow row, Listener listener) {
    this.row = row;
    this.listener = listener;
  }

  /** Is told of iterations, one after another, by threads of the batcher: it must not wait. */
  @FunctionalInterface
  public interface Listener {
    void iterated(int iteration, Distribution distribution);
  }

  /** Returns choices under which one query is watched. */
  public static Choices of(Choices choices, Listener listener) {
    Halting halting = choices.halting();
    if (halting.looksAtHiddenState()) {
      throw Fault.bad(
          "parameters.halting \"hidden_change\" cannot be streamed: ask without the stream");
    }
    Halting watched =
        Halting.rule(halting.toString(), new Watch(halting.row(), listener))
            .atMost(halting.atMost());
    return new Choices(
        halting.isAmongEntities() ? watched.amongEntities() : watched, choices.deadline());
  }

  @Override
  public boolean halts(List<Distribution> history) {
    boolean halts = false;
    // The first question comes after two iterations.
    while (row.iterations() < history.size()) {
      Distribution distribution = history.get(row.iterations());
      halts = row.halts(distribution);
      listener.iterated(row.iterations(), distribution);
    }
    return halts;
  }
}
