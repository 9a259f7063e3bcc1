package io.github.recurrent.onnx;

import io.github.recurrent.onnx.ContinuousBatcher.Listener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Tells a batcher's listener what happens, and bears whatever it throws. Thread-safe. */
final class BatchWatch {
  private static final Logger LOG = System.getLogger(Listener.class.getName());

  private final Optional<Listener> listener;
  private final AtomicBoolean warned = new AtomicBoolean();

  BatchWatch(Optional<Listener> listener) {
    this.listener = listener;
  }

  void step(int rows, int tokens, Duration time) {
    tell(told -> told.stepped(rows, tokens, time));
  }

  /** Tells of a query whose end is decided, and whose future is not complete yet. */
  void end(BatchedQuery query, int iterations, Listener.Outcome outcome) {
    tell(
        told ->
            told.ended(
                new Listener.End(query.hops(), iterations, query.waited(), query.ran(), outcome)));
  }

  private void tell(Consumer<Listener> event) {
    try {
      listener.ifPresent(event);
    } catch (Throwable e) {
      if (!warned.getAndSet(true)) {
        LOG.log(
            Level.WARNING,
            "the listener "
                + listener.map(told -> told.getClass().getName()).orElse("")
                + " failed; the batcher goes on, and says so only once",
            e);
      }
    }
  }
}
