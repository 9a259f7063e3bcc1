package io.github.recurrent.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import com.google.common.collect.ImmutableMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** ONNX Runtime's provider for CUDA devices, and what is told where it does not work. */
final class CudaProvider {
  private static final String LIBRARIES =
      "the libraries of CUDA 12 (libcudart.so.12, libcublas.so.12, libcublasLt.so.12,"
          + " libcurand.so.10) must be where the system looks for them, such as LD_LIBRARY_PATH";

  /** What tells on Linux that a driver is loaded, the second in its subsystem on Windows. */
  private static final Path[] DRIVERS = {
    Path.of("/proc/driver/nvidia/version"), Path.of("/dev/dxg")
  };

  private CudaProvider() {}

  /**
   * Makes sessions run on a device.
   *
   * @throws IllegalStateException if that is not possible here
   */
  static void add(SessionOptions options, int device, ImmutableMap<String, String> cudaOptions) {
    Set<OrtProvider> available = OrtEnvironment.getAvailableProviders();
    if (!available.contains(OrtProvider.CUDA)) {
      throw new IllegalStateException(
          "this ONNX Runtime cannot run on a CUDA device, only on "
              + available
              + "; onnxruntime_gpu must be on the class path in the place of onnxruntime");
    }
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device)) {
      for (Map.Entry<String, String> option : cudaOptions.entrySet()) {
        cuda.add(option.getKey(), option.getValue());
      }
      options.addCUDA(cuda);
    } catch (OrtException e) {
      throw failure(device, e);
    }
  }

  /** Tells why a device cannot be used. */
  static IllegalStateException failure(int device, OrtException cause) {
    return new IllegalStateException(
        problem(device, String.valueOf(cause.getMessage()), lacksDriver()), cause);
  }

  static String problem(int device, String message, boolean lacksDriver) {
    String what = "ONNX Runtime cannot use CUDA device " + device + ": ";
    String detail = message.strip();
    if (lacksDriver) {
      return what
          + "no NVIDIA driver is loaded on this machine ("
          + DRIVERS[0]
          + " is missing); besides a driver for CUDA 12, "
          + LIBRARIES
          + "; ONNX Runtime says: "
          + detail;
    }
    return what + detail + (detail.contains("Failed to load library") ? "; " + LIBRARIES : "");
  }

  private static boolean lacksDriver() {
    if (!System.getProperty("os.name", "").startsWith("Linux")) {
      return false;
    }
    for (Path driver : DRIVERS) {
      if (Files.exists(driver)) {
        return false;
      }
    }
    return true;
  }
}
