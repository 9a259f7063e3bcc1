package io.github.recurrent.tf.internal.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeArtifactsTest {
  @TempDir private Path folder;

  @Test
  void theBuildHasOne() {
    NativeArtifacts artifacts =
        NativeArtifacts.find(getClass().getClassLoader(), Loader.getPlatform());

    artifacts.requireAtMostOne();
    assertThat(artifacts.advice()).isEmpty();
  }

  @Test
  void withoutOneTheDependencyToAddIsNamed() throws IOException {
    try (URLClassLoader none = new URLClassLoader(new URL[0], null)) {
      assertThat(NativeArtifacts.find(none, "linux-arm64").advice())
          .hasValueSatisfying(
              advice ->
                  assertThat(advice)
                      .contains("tensorflow-core-native with the classifier linux-arm64"));
    }
  }

  @Test
  void whereTensorFlowHasNoneThatIsSaid() throws IOException {
    try (URLClassLoader none = new URLClassLoader(new URL[0], null)) {
      assertThat(NativeArtifacts.find(none, "macosx-x86_64").advice())
          .hasValueSatisfying(
              advice -> assertThat(advice).contains("no natives for macosx-x86_64, only for"));
    }
  }

  @Test
  void oneForTheCpuAndOneForGpusAreRefused() throws IOException {
    URL cpu = artifact("cpu", "linux-x86_64");
    URL gpu = artifact("gpu", "linux-x86_64-gpu");
    try (URLClassLoader both = new URLClassLoader(new URL[] {cpu, gpu}, null)) {
      NativeArtifacts artifacts = NativeArtifacts.find(both, "linux-x86_64");

      assertThatExceptionOfType(UnsatisfiedLinkError.class)
          .isThrownBy(artifacts::requireAtMostOne)
          .withMessageContainingAll("several", cpu.getPath(), gpu.getPath(), "keep one");
    }
  }

  private URL artifact(String name, String platform) throws IOException {
    Path root = folder.resolve(name);
    Path libraries =
        Files.createDirectories(root.resolve("org/tensorflow/internal/c_api").resolve(platform));
    Files.createFile(libraries.resolve(System.mapLibraryName("jnitensorflow")));
    return root.toUri().toURL();
  }
}
