package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/** What TensorFlow computes on. Immutable and thread-safe. */
public final class Device {
  private static final Logger LOG = System.getLogger(Device.class.getName());
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
   * Returns a GPU by its number; using it fails where there is none.
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
    List<String> gpus = PhysicalDevices.gpus();
    if (index == AUTO) {
      LOG.log(
          Level.INFO,
          gpus.isEmpty()
              ? "Using the CPU: TensorFlow finds no GPU (its natives may be the CPU's)"
              : "Using GPU 0, the first of " + gpus);
      return gpus.isEmpty() ? OptionalInt.empty() : OptionalInt.of(0);
    }
    if (index >= gpus.size()) {
      throw new IllegalStateException(
          "there is no GPU "
              + index
              + ": TensorFlow finds "
              + (gpus.isEmpty()
                  ? "no GPU; tensorflow-core-native must be the GPU classifier, and CUDA installed"
                  : "only " + gpus));
    }
    return OptionalInt.of(index);
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
