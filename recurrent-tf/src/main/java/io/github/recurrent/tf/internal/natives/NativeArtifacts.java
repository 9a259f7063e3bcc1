package io.github.recurrent.tf.internal.natives;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Optional;

/** The artifacts on the class path that bring TensorFlow's natives for a platform. */
final class NativeArtifacts {
  /** The platforms for which TensorFlow Java 1.1 has natives. */
  private static final ImmutableSet<String> PLATFORMS =
      ImmutableSet.of("linux-x86_64", "linux-arm64", "macosx-arm64", "windows-x86_64");

  private final String platform;
  private final ImmutableList<URL> found;

  private NativeArtifacts(String platform, ImmutableList<URL> found) {
    this.platform = platform;
    this.found = found;
  }

  /** Looks for the artifacts of a platform, such as {@code linux-x86_64}, for the CPU and GPUs. */
  static NativeArtifacts find(ClassLoader loader, String platform) {
    ImmutableList.Builder<URL> found = ImmutableList.builder();
    for (String extension : ImmutableList.of("", "-gpu")) {
      String library =
          "org/tensorflow/internal/c_api/"
              + platform
              + extension
              + "/"
              + System.mapLibraryName("jnitensorflow");
      try {
        found.addAll(Collections.list(loader.getResources(library)));
      } catch (IOException e) {
        throw new UncheckedIOException("the class path cannot be searched for " + library, e);
      }
    }
    return new NativeArtifacts(platform, found.build());
  }

  /**
   * Refuses several, of which chance would choose one.
   *
   * @throws UnsatisfiedLinkError if there is more than one
   */
  void requireAtMostOne() {
    if (found.size() > 1) {
      throw new UnsatisfiedLinkError(
          "the class path has several artifacts with TensorFlow's natives for "
              + platform
              + ": "
              + found
              + "; keep one: tensorflow-core-native has the classifier "
              + platform
              + " for the CPU, or linux-x86_64-gpu for GPUs");
    }
  }

  /** Returns what to add, if there is none. */
  Optional<String> advice() {
    if (!found.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        PLATFORMS.contains(platform)
            ? "no artifact with the natives for "
                + platform
                + " is on the class path; add org.tensorflow:tensorflow-core-native with the"
                + " classifier "
                + platform
                + ", in the version of tensorflow-core-api"
            : "TensorFlow Java has no natives for "
                + platform
                + ", only for "
                + PLATFORMS
                + "; recurrent-onnx answers without them");
  }
}
