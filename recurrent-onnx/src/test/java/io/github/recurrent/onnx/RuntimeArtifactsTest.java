package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RuntimeArtifactsTest {
  @TempDir private Path folder;

  @Test
  void theBuildHasOne() throws IOException {
    RuntimeArtifacts artifacts = RuntimeArtifacts.find(getClass().getClassLoader());

    artifacts.requireAtMostOne();
    assertThat(artifacts.advice()).isEmpty();
  }

  @Test
  void withoutOneTheDependencyToAddIsNamed() throws IOException {
    try (URLClassLoader none = new URLClassLoader(new URL[0], null)) {
      assertThat(RuntimeArtifacts.find(none).advice())
          .contains("has natives for", "add com.microsoft.onnxruntime:onnxruntime");
    }
  }

  @Test
  void oneForTheCpuAndOneForCudaAreRefused() throws IOException {
    URL cpu = artifact("onnxruntime");
    URL gpu = artifact("onnxruntime_gpu");
    try (URLClassLoader both = new URLClassLoader(new URL[] {cpu, gpu}, null)) {
      RuntimeArtifacts artifacts = RuntimeArtifacts.find(both);

      assertThatIOException()
          .isThrownBy(artifacts::requireAtMostOne)
          .withMessageContainingAll("several", cpu.getPath(), gpu.getPath(), "keep one");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x64",
    "Linux, aarch64, linux-aarch64",
    "Mac OS X, aarch64, osx-aarch64",
    "Windows 11, amd64, win-x64"
  })
  void platformsHaveTheNamesOfTheRuntimesFolders(String system, String architecture, String name) {
    assertThat(RuntimeArtifacts.platform(system, architecture)).isEqualTo(name);
  }

  private URL artifact(String name) throws IOException {
    Path root = folder.resolve(name);
    String platform =
        RuntimeArtifacts.platform(System.getProperty("os.name"), System.getProperty("os.arch"));
    Path libraries =
        Files.createDirectories(root.resolve("ai/onnxruntime/native").resolve(platform));
    Files.createFile(libraries.resolve(System.mapLibraryName("onnxruntime")));
    return root.toUri().toURL();
  }
}
