package io.github.recurrent.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompleteFolderTest {
  @TempDir Path parent;

  private CompleteFolder folder;

  @BeforeEach
  void name() {
    folder = CompleteFolder.of(parent.resolve("data"), "a thing", Set.of("one", "two"));
  }

  @Test
  void aNewStateTakesThePlaceOfTheOldAsAWhole() throws IOException {
    folder.replace(
        writing -> {
          Files.writeString(writing.resolve("one"), "old");
          Files.writeString(writing.resolve("two"), "old");
        });
    folder.replace(writing -> Files.writeString(writing.resolve("one"), "new"));

    assertThat(folder.path().resolve("one")).hasContent("new");
    assertThat(folder.path().resolve("two")).doesNotExist();
    assertThat(parent).isDirectoryContaining(path -> path.equals(folder.path()));
    assertThat(parent.toFile().list()).hasSize(1);
  }

  @Test
  void aFailedWriteLeavesTheOldStateAndNothingElse() throws IOException {
    folder.replace(writing -> Files.writeString(writing.resolve("one"), "old"));

    assertThatThrownBy(
            () ->
                folder.replace(
                    writing -> {
                      Files.writeString(writing.resolve("one"), "half");
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");

    assertThat(folder.path().resolve("one")).hasContent("old");
    assertThat(parent.toFile().list()).hasSize(1);
  }

  @Test
  void whatIsNoPartOfItIsNeverReplaced() throws IOException {
    Files.createDirectory(folder.path());
    Files.writeString(folder.path().resolve("thesis.txt"), "mine");

    assertThatThrownBy(() -> folder.replace(writing -> {}))
        .isInstanceOf(DirectoryNotEmptyException.class)
        .hasMessageContaining("a thing")
        .hasMessageContaining("thesis.txt");

    assertThat(folder.path().resolve("thesis.txt")).hasContent("mine");
  }

  @Test
  void creatingRefusesAnOlderState() throws IOException {
    folder.create(writing -> Files.writeString(writing.resolve("one"), "old"));

    assertThatThrownBy(() -> folder.create(writing -> {}))
        .isInstanceOf(DirectoryNotEmptyException.class)
        .hasMessageContaining("new folder");

    assertThat(folder.path().resolve("one")).hasContent("old");
  }

  @Test
  void anInterruptionBetweenTheRenamesLeavesThePreviousState() throws IOException {
    folder.replace(writing -> Files.writeString(writing.resolve("one"), "old"));
    Files.move(folder.path(), folder.previous());

    folder.replace(writing -> Files.writeString(writing.resolve("one"), "new"));

    assertThat(folder.path().resolve("one")).hasContent("new");
    assertThat(folder.previous()).doesNotExist();
  }

  @Test
  void aRootIsNoPlace() {
    assertThatThrownBy(() -> CompleteFolder.of(Path.of("/"), "a thing", Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a thing");
  }
}
