package io.github.recurrent.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Optional;
import java.util.concurrent.Executor;
import org.immutables.value.Value;

/** How a {@link ContinuousBatcher} fills its batches. Immutable and thread-safe. */
@Value.Immutable
public abstract class BatchingOptions {
  BatchingOptions() {}

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the greatest number of queries that run at once; 256 by default. There are no more
   * {@linkplain ExecutionOptions#lanes() lanes} than that.
   */
  @Value.Default
  public int maxRows() {
    return 256;
  }

  /** Returns the greatest number of queries that wait; 1,024 by default. */
  @Value.Default
  public int maxWaiting() {
    return 1024;
  }

  /**
   * Returns what completes the futures, and so runs what depends on them; by default the batcher's
   * own threads do, at once, so that dependents that take long or block hold up all queries. What
   * the executor refuses or fails to take is completed without it, and so is what it has not run a
   * second after the query's {@linkplain Deadline deadline}, or after {@link
   * ContinuousBatcher#close} has answered all. {@link ContinuousBatcher#answer} waits for no
   * executor.
   */
  public abstract Optional<Executor> completionExecutor();

  /** Returns who is told what the batcher does, so that it can be measured; nobody by default. */
  public abstract Optional<ContinuousBatcher.Listener> listener();

  @Value.Check
  void check() {
    checkArgument(maxRows() >= 1, "maxRows must be at least 1, but is %s", maxRows());
    checkArgument(maxWaiting() >= 1, "maxWaiting must be at least 1, but is %s", maxWaiting());
  }

  /** Builds {@link BatchingOptions}. */
  public static final class Builder extends ImmutableBatchingOptions.Builder {
    Builder() {}
  }
}
