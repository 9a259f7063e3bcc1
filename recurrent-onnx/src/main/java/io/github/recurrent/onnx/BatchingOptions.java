package io.github.recurrent.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import org.immutables.value.Value;

/** How a {@link ContinuousBatcher} fills its batches. Immutable and thread-safe. */
@Value.Immutable
public abstract class BatchingOptions {
  /**
   * Up to this width an iteration of a single row is as fast on one thread as on two, and a lane
   * for every core bears more load than one on all cores; measured on two, at widths 64, 256 and
   * 768.
   */
  private static final int WIDEST_ON_ONE_THREAD = 256;

  BatchingOptions() {}

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the greatest number of queries that run at once; 256 by default. */
  @Value.Default
  public int maxRows() {
    return 256;
  }

  /**
   * Returns the number of batches that run side by side, each on threads of its own, and share the
   * weights and the queries that wait evenly. By default as many as there are cores for the {@link
   * ExecutionOptions#threads()} of each; where those are not chosen either, a lane of one thread
   * for every core up to width 256, and above a single lane on all cores, which answers a query
   * that is alone sooner. On a CUDA device it is one.
   */
  public abstract OptionalInt lanes();

  /** Returns the greatest number of queries that wait; 1,024 by default. */
  @Value.Default
  public int maxWaiting() {
    return 1024;
  }

  /**
   * Returns what completes the futures, and so runs what depends on them; by default the batcher's
   * own threads do, at once, so that dependents that take long or block hold up all queries.
   */
  public abstract Optional<Executor> completionExecutor();

  @Value.Check
  void check() {
    checkArgument(maxRows() >= 1, "maxRows must be at least 1, but is %s", maxRows());
    checkArgument(maxWaiting() >= 1, "maxWaiting must be at least 1, but is %s", maxWaiting());
    checkArgument(
        lanes().orElse(1) >= 1 && lanes().orElse(1) <= maxRows(),
        "lanes must be from 1 to maxRows, which is %s, but are %s",
        maxRows(),
        lanes().orElse(1));
  }

  /** Returns the number of lanes for a model, chosen or not. */
  final int lanes(RecurrentDepthTransformer model, ExecutionOptions execution) {
    int cores = Runtime.getRuntime().availableProcessors();
    int callThreads = execution.threads().orElse(model.width() <= WIDEST_ON_ONE_THREAD ? 1 : cores);
    int fitting = execution.cudaDevice().isPresent() ? 1 : Math.max(1, cores / callThreads);
    return lanes().orElse(Math.min(maxRows(), fitting));
  }

  /** Builds {@link BatchingOptions}. */
  public static final class Builder extends ImmutableBatchingOptions.Builder {
    Builder() {}
  }
}
