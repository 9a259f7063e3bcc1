package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.tf.internal.natives.GpuAbsence;
import io.github.recurrent.tf.internal.natives.Natives;
import java.util.Objects;
import java.util.OptionalInt;

/** What TensorFlow computes on. Immutable and thread-safe. */
public final class Device {
  private static final int AUTO = -2;
  private static final int CPU = -1;

  private final int index;

  private Device(int index) {
    this.index = index;
  }

  /** Returns the first GPU where TensorFlow finds one, else the CPU; the log says why. */
  public static Device auto() {
    return new Device(AUTO);
  }

  /** Returns the CPU. */
  public static Device cpu() {
    return new Device(CPU);
  }

  /**
   * Returns a GPU by its number; using it fails where there is none, and where this virtual machine
   * has used another one before, as TensorFlow takes one GPU a process.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public static Device gpu(int index) {
    checkArgument(index >= 0, "a GPU's number must be at least 0, but is %s", index);
    return new Device(index);
  }

  /**
   * Returns the number of the GPU to use, or nothing for the CPU.
   *
   * @throws IllegalStateException if a GPU was asked for that is not there
   */
  OptionalInt resolve() {
    if (index == CPU) {
      return OptionalInt.empty();
    }
    if (index == AUTO) {
      int first = PhysicalDevices.bound().orElse(0);
      return PhysicalDevices.bind(first) ? OptionalInt.of(first) : OptionalInt.empty();
    }
    if (!PhysicalDevices.bind(index)) {
      throw new IllegalStateException("there is no GPU " + index + ": " + GpuAbsence.reason());
    }
    return OptionalInt.of(index);
  }

  /**
   * Returns what is used, and why if that is not what one may have hoped for.
   *
   * @throws IllegalStateException if a GPU was asked for that is not there
   */
  String describe() {
    OptionalInt gpu = resolve();
    if (gpu.isPresent()) {
      return "GPU " + gpu.getAsInt();
    }
    if (index == CPU) {
      return "the CPU";
    }
    return Natives.areForGpu()
        ? "the CPU (no GPU: " + GpuAbsence.reason() + ")"
        : "the CPU (natives without GPU support)";
  }

  /**
   * Measures the ceiling of training on this device: the rate of TensorFlow's products of two
   * square matrices of 2048 rows, their operands in memory in the given precision. Takes some
   * seconds; only an otherwise idle machine gives a meaningful figure.
   *
   * @param threads the number of threads TensorFlow computes with
   * @return the median of 7 runs, in GFLOP/s
   * @throws IllegalArgumentException if there is not at least 1 thread
   * @throws IllegalStateException if the device is not there, or the virtual machine ends
   */
  public double matrixProductRate(int threads, Precision precision) {
    return MatrixProductRate.measure(this, threads, precision);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Device that && index == that.index;
  }

  @Override
  public int hashCode() {
    return Objects.hash(index);
  }

  /** Returns {@code "auto"}, {@code "CPU"} or {@code "GPU n"}. */
  @Override
  public String toString() {
    return switch (index) {
      case AUTO -> "auto";
      case CPU -> "CPU";
      default -> "GPU " + index;
    };
  }
}
