package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.fixtures.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How ONNX Runtime is loaded, in processes that have not loaded it yet. */
final class NativeRuntimeTest {
  private final Path parent;
  private final Path folder;

  NativeRuntimeTest(@TempDir Path parent) throws IOException {
    this.parent = parent;
    folder = parent.resolve("onnx");
    OnnxExporter.export(TestModels.random(1), folder);
  }

  @Test
  void nothingButTheProgramsOwnWordsIsPrinted() throws Exception {
    assertThat(load(List.of()).lines()).containsExactly("answered", "answered", "opened");
  }

  @Test
  void everyAttemptNamesATemporaryFolderThatCannotBeWritten() throws Exception {
    // A folder within a file can be written by nobody, not even by root.
    Path temporary = Files.writeString(parent.resolve("file"), "").resolve("temporary");

    List<String> lines = load(List.of("-Djava.io.tmpdir=" + temporary)).lines().toList();

    assertThat(lines).hasSize(3);
    assertThat(lines.subList(0, 2))
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("java.io.IOException")
                    .contains(temporary.toString())
                    .contains("java.io.tmpdir"));
    assertThat(lines.get(2)).contains(temporary.toString());
  }

  @Test
  void aTemporaryFolderThatIsMendedIsUsed() throws Exception {
    Path temporary = parent.resolve("later");

    ForkedJvm ended =
        ForkedJvm.run(
            List.of("-Djava.io.tmpdir=" + temporary),
            RetryProgram.class,
            folder.toString(),
            temporary.toString());

    List<String> lines = ended.output().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains(temporary.toString());
    assertThat(lines.get(1)).isEqualTo("loaded");
  }

  @Test
  void everyAttemptSaysWhyTheLibrariesCannotBeLoaded() throws Exception {
    Path empty = Files.createDirectory(parent.resolve("empty"));

    assertThat(load(List.of("-Donnxruntime.native.path=" + empty)).lines())
        .hasSize(3)
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("java.io.IOException")
                    .contains("not found at " + empty));
  }

  @Test
  void aShutdownHookThatLoadsItFirstIsToldThatThisIsTooLate() throws Exception {
    ForkedJvm ended =
        ForkedJvm.run(List.of(), LoadProgram.class, folder.toString(), "2", "in a hook");

    assertThat(ended.status()).isZero();
    assertThat(ended.output().lines())
        .hasSize(3)
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("java.lang.IllegalStateException")
                    .contains("while the virtual machine shuts down"));
  }

  private String load(List<String> options) throws Exception {
    ForkedJvm ended = ForkedJvm.run(options, LoadProgram.class, folder.toString(), "2");
    assertThat(ended.status()).as(ended.output()).isZero();
    return ended.output();
  }
}
