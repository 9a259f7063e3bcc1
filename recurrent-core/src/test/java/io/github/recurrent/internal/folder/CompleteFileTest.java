package io.github.recurrent.internal.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CompleteFileTest {
  @TempDir Path folder;

  @Test
  void aNewFileTakesThePlaceOfTheOld() throws IOException {
    Path file = Files.writeString(folder.resolve("report.json"), "older and longer");

    write(file, "new");

    assertThat(file).hasContent("new");
    assertThat(folder.toFile().list()).containsExactly("report.json");
  }

  @Test
  void aLinkStaysOneAndItsTargetChanges() throws IOException {
    Path target = Files.createDirectory(folder.resolve("disk")).resolve("big");
    Path link = Files.createSymbolicLink(folder.resolve("report.json"), Path.of("disk/big"));

    write(link, "first");
    write(link, "second");

    assertThat(link).isSymbolicLink();
    assertThat(target).hasContent("second");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aPipeIsWrittenTo() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> read(pipe));

    write(pipe, "new");

    assertThat(reader.get(20, TimeUnit.SECONDS)).isEqualTo("new");
    assertThat(folder.toFile().list()).containsExactly("pipe");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aWriteThatFailsLeavesTheOldFile() throws IOException {
    Path file = Files.writeString(folder.resolve("graph.tsv"), "old");

    assertThatThrownBy(
            () ->
                CompleteFile.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("No space left on device");
                    }))
        .hasMessage("No space left on device");

    assertThat(file).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("graph.tsv");
  }

  @Test
  void aFolderInThePlaceOfTheFileIsLeftAsItIs() throws IOException {
    Path file = Files.createDirectories(folder.resolve("report.json"));

    assertThatThrownBy(() -> write(file, "new"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("report.json");

    assertThat(file).isEmptyDirectory();
    assertThat(folder.toFile().list()).containsExactly("report.json");
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThatThrownBy(() -> write(folder.resolve("nowhere").resolve("report.json"), "new"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("nowhere");
  }

  private static void write(Path file, String text) throws IOException {
    CompleteFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
