package io.github.recurrent.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.immutables.value.Value;

/** How ONNX Runtime runs a model; on the CPU by default. Immutable and thread-safe. */
@Value.Immutable
public abstract class ExecutionOptions {
  ExecutionOptions() {}

  /** Returns a builder; without more it runs on the CPU with as many threads as cores. */
  public static Builder builder() {
    return new Builder();
  }

  /** What ONNX Runtime keeps of the memory that runs needed on the CPU, for the next ones. */
  public enum CpuMemory {
    /** All of it: the fastest; the memory is that of the greatest run so far. */
    KEPT,
    /** What the first runs needed; what greater ones add is given back after each. */
    SHRUNK,
    /** None: every tensor is allocated and freed by itself. */
    RETURNED
  }

  /** By how much ONNX Runtime enlarges its memory on a CUDA device. */
  public enum CudaGrowth {
    /** To the next power of two: fewer and larger pieces. */
    POWERS_OF_TWO,
    /** By what is asked for. */
    AS_REQUESTED
  }

  /**
   * Returns the number of threads that one call uses on the CPU, in a {@link ContinuousBatcher} all
   * lanes together; as many as cores by default.
   */
  public abstract OptionalInt threads();

  /**
   * Returns the number of lanes: runs side by side, which share the weights, each on its share of
   * the {@linkplain #threads() threads}, but at least one. An {@link OnnxReasoner} divides the rows
   * of a call among them, a {@link ContinuousBatcher} the queries that wait, whereas an {@link
   * OnnxTracer} has a single one. The rows of a narrow model are divided better than its matrix
   * products: by default there is a lane for every thread up to width 128, and in a batcher, where
   * a query is seldom alone, up to width 256. Wider models have one, and so has a CUDA device.
   */
  public abstract OptionalInt lanes();

  /**
   * Returns whether idle threads spin for a while before they sleep; true by default, which is
   * faster, and costs whatever else the machine does.
   */
  @Value.Default
  public boolean spinning() {
    return true;
  }

  /** Returns what is kept of the memory of runs on the CPU; all by default. */
  @Value.Default
  public CpuMemory cpuMemory() {
    return CpuMemory.KEPT;
  }

  /**
   * Returns the number of the CUDA device to run on; none by default. It needs {@code
   * onnxruntime_gpu} in the place of {@code onnxruntime}, an NVIDIA driver for CUDA 12, and where
   * the system looks for libraries the runtime, cuBLAS and cuRAND of CUDA 12.9 (with 12.6 ONNX
   * Runtime 1.28 does not load). It loads without cuDNN 9, which kernels look for when they first
   * run. Loading fails with an {@link IllegalStateException} that says which of these is missing.
   * Hidden states pass through the host's memory between runs, each of as many iterations as go by
   * until a halting rule looks.
   */
  public abstract OptionalInt cudaDevice();

  /** Returns the greatest memory to use on the CUDA device, in bytes; no limit by default. */
  public abstract OptionalLong cudaMemoryLimit();

  /**
   * Returns whether the CUDA device multiplies 32-bit floats with TF32, whose products have 10 bits
   * of mantissa; by default as ONNX Runtime has it, which is where the device can.
   */
  public abstract Optional<Boolean> cudaTf32();

  /** Returns how memory on the CUDA device grows; by default to powers of two. */
  public abstract Optional<CudaGrowth> cudaGrowth();

  @Value.Check
  void check() {
    checkArgument(
        threads().orElse(1) >= 1, "threads must be at least 1, but are %s", threads().orElse(1));
    checkArgument(
        lanes().orElse(1) >= 1, "lanes must be at least 1, but are %s", lanes().orElse(1));
    checkArgument(
        cudaDevice().orElse(0) >= 0,
        "a CUDA device's number must be at least 0, but is %s",
        cudaDevice().orElse(0));
    checkArgument(
        cudaMemoryLimit().orElse(1) >= 1,
        "the CUDA memory limit must be at least 1 byte, but is %s",
        cudaMemoryLimit().orElse(1));
    checkArgument(
        cudaDevice().isPresent() || cudaOptions().isEmpty(),
        "%s are for a CUDA device, but none is chosen; cudaDevice(0) chooses the first",
        cudaOptions().keySet());
  }

  /** Returns the number of threads that one call uses, chosen or not. */
  final int callThreads() {
    return threads().orElse(Runtime.getRuntime().availableProcessors());
  }

  /** Returns ONNX Runtime's entries of a session's configuration, by key. */
  final ImmutableMap<String, String> sessionEntries() {
    return spinning() ? ImmutableMap.of() : ImmutableMap.of("session.intra_op.allow_spinning", "0");
  }

  /** Returns ONNX Runtime's entries of a run's configuration, by key. */
  final ImmutableMap<String, String> runEntries() {
    return cpuMemory() == CpuMemory.SHRUNK
        ? ImmutableMap.of("memory.enable_memory_arena_shrinkage", "cpu:0")
        : ImmutableMap.of();
  }

  /** Returns ONNX Runtime's options of the CUDA provider, by key. */
  final ImmutableMap<String, String> cudaOptions() {
    ImmutableMap.Builder<String, String> options = ImmutableMap.builder();
    cudaMemoryLimit().ifPresent(bytes -> options.put("gpu_mem_limit", Long.toString(bytes)));
    cudaTf32().ifPresent(use -> options.put("use_tf32", use ? "1" : "0"));
    cudaGrowth()
        .ifPresent(
            growth ->
                options.put(
                    "arena_extend_strategy",
                    growth == CudaGrowth.POWERS_OF_TWO ? "kNextPowerOfTwo" : "kSameAsRequested"));
    return options.buildOrThrow();
  }

  /** Builds {@link ExecutionOptions}. */
  public static final class Builder extends ImmutableExecutionOptions.Builder {
    Builder() {}
  }
}
