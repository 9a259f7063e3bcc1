package io.github.recurrent.tf.internal.natives;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/** Finds out why TensorFlow sees no GPU. */
public final class GpuAbsence {
  private static final String DRIVER = "libcuda.so.1";

  /** What TensorFlow 2.18 opens before it looks for GPUs. */
  private static final ImmutableList<String> LIBRARIES =
      ImmutableList.of(
          DRIVER,
          "libcudart.so.12",
          "libcublas.so.12",
          "libcublasLt.so.12",
          "libcufft.so.11",
          "libcusolver.so.11",
          "libcusparse.so.12",
          "libcudnn.so.9");

  private GpuAbsence() {}

  /** Returns the most likely reason, as part of a sentence. */
  public static String reason() {
    if (!Natives.areForGpu()) {
      return reason(Loader.getPlatform());
    }
    return reason(
        Natives.isLinux() ? Natives.missing(LIBRARIES) : ImmutableList.of(),
        Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES")));
  }

  /** The reason where the natives are not those for GPUs. */
  public static String reason(String platform) {
    return "the TensorFlow natives on the class path are those for the CPU"
        + (platform.equals("linux-x86_64")
            ? "; for a GPU, tensorflow-core-native must have the classifier linux-x86_64-gpu"
            : ", and TensorFlow Java has natives for GPUs on linux-x86_64 only");
  }

  /**
   * The reason where the natives are those for GPUs.
   *
   * @param missing the libraries that cannot be loaded
   * @param visible the value of {@code CUDA_VISIBLE_DEVICES}
   */
  public static String reason(List<String> missing, Optional<String> visible) {
    if (missing.contains(DRIVER)) {
      return "the TensorFlow natives are those for GPUs, but the NVIDIA driver's "
          + DRIVER
          + " cannot be loaded; install driver 525.60.13 or later, or give the container the GPU";
    }
    if (!missing.isEmpty()) {
      return "the TensorFlow natives and the NVIDIA driver are there, but these libraries of CUDA 12"
          + " and cuDNN 9 cannot be loaded: "
          + String.join(", ", missing)
          + "; install them, or add their folders to LD_LIBRARY_PATH";
    }
    return "the TensorFlow natives are those for GPUs and all their libraries can be loaded"
        + visible
            .map(value -> ", but CUDA_VISIBLE_DEVICES is \"" + value + "\"")
            .orElse("; the GPU may be hidden, or too old for CUDA 12");
  }
}
