package io.github.recurrent.examples.service.serving;

import com.google.common.collect.ImmutableList;
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

  /** Returns choices under which queries are watched, each by a listener of its own. */
  public static Choices of(Choices choices, List<? extends Listener> listeners) {
    Halting halting = choices.halting();
    if (halting.looksAtHiddenState()) {
      throw Fault.bad(
          "parameters.halting \"hidden_change\" cannot be streamed, and has no trajectory: choose"
              + " another, or ask for the answer alone");
    }
    return new Choices(
        listeners.stream()
            .map(listener -> watched(halting, listener))
            .collect(ImmutableList.toImmutableList()),
        choices.deadline());
  }

  private static Halting watched(Halting halting, Listener listener) {
    Halting watched =
        Halting.rule(halting.toString(), new Watch(halting.row(), listener))
            .atMost(halting.atMost());
    return halting.isAmongEntities() ? watched.amongEntities() : watched;
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
