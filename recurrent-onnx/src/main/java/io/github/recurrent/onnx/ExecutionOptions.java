package io.github.recurrent.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.OptionalInt;
import org.immutables.value.Value;

/** How ONNX Runtime runs a model; on the CPU by default. Immutable and thread-safe. */
@Value.Immutable
public abstract class ExecutionOptions {
  ExecutionOptions() {}

  /** Returns a builder; without more it runs on the CPU with as many threads as cores. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the number of threads that one call uses on the CPU; as many as cores by default. */
  public abstract OptionalInt threads();

  /**
   * Returns the number of the CUDA device to run on; none by default. It needs {@code
   * onnxruntime_gpu} in the place of {@code onnxruntime}, CUDA 12 and cuDNN 9.
   */
  public abstract OptionalInt cudaDevice();

  @Value.Check
  void check() {
    checkArgument(
        threads().orElse(1) >= 1, "threads must be at least 1, but are %s", threads().orElse(1));
    checkArgument(
        cudaDevice().orElse(0) >= 0,
        "a CUDA device's number must be at least 0, but is %s",
        cudaDevice().orElse(0));
  }

  /** Builds {@link ExecutionOptions}. */
  public static final class Builder extends ImmutableExecutionOptions.Builder {
    Builder() {}
  }
}
