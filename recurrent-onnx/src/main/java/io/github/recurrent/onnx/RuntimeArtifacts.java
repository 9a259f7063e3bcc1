package io.github.recurrent.onnx;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;

/** The artifacts of ONNX Runtime on the class path that have natives for this platform. */
final class RuntimeArtifacts {
  private static final String NATIVES = "ai/onnxruntime/native/";

  private final String platform;
  private final ImmutableList<URL> found;

  private RuntimeArtifacts(String platform, ImmutableList<URL> found) {
    this.platform = platform;
    this.found = found;
  }

  static RuntimeArtifacts find(ClassLoader loader) throws IOException {
    String platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
    return new RuntimeArtifacts(
        platform,
        ImmutableList.copyOf(
            Collections.list(
                loader.getResources(
                    NATIVES + platform + "/" + System.mapLibraryName("onnxruntime")))));
  }

  /** Returns the name that ONNX Runtime has for a platform, such as {@code linux-x64}. */
  static String platform(String system, String architecture) {
    String lower = Ascii.toLowerCase(system);
    String name =
        lower.contains("win") && !lower.contains("darwin")
            ? "win"
            : lower.contains("mac") ? "osx" : "linux";
    return name
        + switch (architecture) {
          case "amd64", "x86_64" -> "-x64";
          case "aarch64" -> "-aarch64";
          default -> "-" + architecture;
        };
  }

  /**
   * Refuses several, of which chance would choose one.
   *
   * @throws IOException if there is more than one
   */
  void requireAtMostOne() throws IOException {
    if (found.size() > 1) {
      throw new IOException(
          "the class path has several artifacts of ONNX Runtime: "
              + found
              + "; keep one: onnxruntime for the CPU, or onnxruntime_gpu for CUDA");
    }
  }

  /** Returns what to do where there is none, as part of a sentence, or nothing where there is. */
  String advice() {
    return found.isEmpty()
        ? "; no artifact of ONNX Runtime on the class path has natives for "
            + platform
            + ": add com.microsoft.onnxruntime:onnxruntime in a version that has them"
        : "";
  }
}
