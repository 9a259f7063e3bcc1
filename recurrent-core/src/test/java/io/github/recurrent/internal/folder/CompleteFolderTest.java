package io.github.recurrent.internal.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompleteFolderTest {
  /** Every state has {@code one}; the old one of these tests has {@code two} as well. */
  private static final ImmutableMap<String, String> OLD =
      ImmutableMap.of("one", "old", "two", "old");

  private static final ImmutableMap<String, String> NEW =
      ImmutableMap.of("one", "new", "three", "new");

  @TempDir Path parent;

  private CompleteFolder folder;
  private Path path;

  @BeforeEach
  void name() {
    path = parent.resolve("data");
    folder = named(path);
  }

  private static CompleteFolder named(Path path) {
    return CompleteFolder.of(path, "a thing", Set.of("one"), Set.of("two", "three"));
  }

  @Test
  void aNewStateTakesThePlaceOfTheOldAsAWhole() throws IOException {
    replace(OLD);
    replace(NEW);

    assertThat(contents(path)).isEqualTo(NEW);
    assertThat(names(parent)).containsExactly("data");
  }

  @Test
  void aFailedWriteLeavesTheOldStateAndNothingElse() throws IOException {
    replace(OLD);

    assertThatThrownBy(
            () ->
                folder.replace(
                    writing -> {
                      Files.writeString(writing.resolve("one"), "half");
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");

    assertThat(contents(path)).isEqualTo(OLD);
    assertThat(names(parent)).containsExactly("data");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".DS_Store",
        ".nfs00000000012ab34c00000001",
        ".one.swp",
        "one~",
        "#one#",
        "Thumbs.db",
        "desktop.ini",
        "lost+found",
        "thesis.txt"
      })
  void otherFilesAreKeptAndKeepNothingFromBeingWritten(String other) throws IOException {
    replace(OLD);
    Files.writeString(path.resolve(other), "mine");

    replace(NEW);
    replace(OLD);

    Map<String, String> expected = new TreeMap<>(OLD);
    expected.put(other, "mine");
    assertThat(contents(path)).isEqualTo(expected);
    assertThat(names(parent)).containsExactly("data");
  }

  @Test
  void otherFoldersAreKeptAsTheyAre() throws IOException {
    Files.createDirectories(path.resolve(".ipynb_checkpoints"));
    Files.writeString(path.resolve(".ipynb_checkpoints").resolve("one"), "mine");

    folder.create(writing -> write(OLD, writing));
    replace(NEW);

    assertThat(path.resolve(".ipynb_checkpoints").resolve("one")).hasContent("mine");
    assertThat(read()).isEqualTo(NEW);
  }

  @Test
  void filesThatMayBelongToSomethingElseAreNotReplaced() throws IOException {
    Files.createDirectory(path);
    Files.writeString(path.resolve("two"), "mine");
    Files.writeString(path.resolve("thesis.txt"), "mine");

    assertThatThrownBy(() -> replace(NEW))
        .isInstanceOf(DirectoryNotEmptyException.class)
        .hasMessageContaining("a thing")
        .hasMessageContaining("[two]")
        .hasMessageContaining("thesis.txt");

    assertThat(contents(path)).containsOnlyKeys("two", "thesis.txt").containsValue("mine");
  }

  @Test
  void aFolderInThePlaceOfAFileIsNotReplaced() throws IOException {
    replace(OLD);
    Files.createDirectories(path.resolve("three"));
    Files.writeString(path.resolve("three").resolve("chapter"), "mine");

    assertThatThrownBy(() -> replace(NEW))
        .isInstanceOf(DirectoryNotEmptyException.class)
        .hasMessageContaining("three");

    assertThat(path.resolve("three").resolve("chapter")).hasContent("mine");
  }

  @Test
  void whatIsPutIntoTheOldStateAtTheLastMomentIsKept() throws IOException {
    replace(OLD);
    Path previous = Files.createDirectories(parent.resolve(".data.previous"));
    write(OLD, previous);
    Files.writeString(previous.resolve(".DS_Store"), "mine");

    replace(NEW);

    assertThat(contents(path)).containsEntry(".DS_Store", "mine").containsAllEntriesOf(NEW);
    assertThat(names(parent)).containsExactly("data");
  }

  @Test
  void creatingRefusesToChangeFilesOfOthers() throws IOException {
    Files.createDirectory(path);
    Files.writeString(path.resolve("two"), "mine");

    assertThatThrownBy(() -> folder.create(writing -> write(NEW, writing)))
        .isInstanceOf(DirectoryNotEmptyException.class)
        .hasMessageContaining("[two]");

    assertThat(contents(path)).containsExactly(entry("two", "mine"));
  }

  @Test
  void creatingSharesAFileThatIsTheSame() throws IOException {
    Files.createDirectory(path);
    Files.writeString(path.resolve("three"), "new");

    folder.create(writing -> write(NEW, writing));

    assertThat(contents(path)).isEqualTo(NEW);
  }

  @ParameterizedTest
  @ValueSource(strings = {".DS_Store", ".gitkeep", "lost+found", "Thumbs.db", "thesis.txt"})
  void creatingKeepsOtherFiles(String other) throws IOException {
    Files.createDirectory(path);
    Files.writeString(path.resolve(other), "mine");

    folder.create(writing -> write(NEW, writing));

    assertThat(contents(path)).containsEntry(other, "mine").containsAllEntriesOf(NEW);
  }

  @Test
  void creatingRefusesAnOlderState() throws IOException {
    folder.create(writing -> write(OLD, writing));

    assertThatThrownBy(() -> folder.create(writing -> {}))
        .isInstanceOf(DirectoryNotEmptyException.class)
        .hasMessageContaining("new folder");

    assertThat(contents(path)).isEqualTo(OLD);
  }

  /** What an interruption leaves after each step of an exchange, and of a write in place. */
  private enum Interruption {
    WHILE_WRITING(OLD) {
      @Override
      void leave(Path path) throws IOException {
        write(OLD, path);
        write(Map.of("one", "half"), path.resolve(".recurrent-writing"));
      }
    },
    WHILE_WRITING_BESIDE(OLD) {
      @Override
      void leave(Path path) throws IOException {
        write(OLD, path);
        write(Map.of("one", "half"), beside(path, "writing"));
      }
    },
    BEFORE_THE_EXCHANGE(OLD) {
      @Override
      void leave(Path path) throws IOException {
        write(OLD, path);
        write(NEW, beside(path, "writing"));
      }
    },
    BETWEEN_THE_RENAMES(OLD) {
      @Override
      void leave(Path path) throws IOException {
        write(OLD, beside(path, "previous"));
        write(NEW, beside(path, "writing"));
      }
    },
    BEFORE_THE_PREVIOUS_IS_DELETED(NEW) {
      @Override
      void leave(Path path) throws IOException {
        write(NEW, path);
        write(OLD, beside(path, "previous"));
      }
    },
    WHILE_THE_PREVIOUS_IS_DELETED(NEW) {
      @Override
      void leave(Path path) throws IOException {
        write(NEW, path);
        write(Map.of("two", "old"), beside(path, "previous"));
      }
    },
    WRITTEN(NEW) {
      @Override
      void leave(Path path) throws IOException {
        write(OLD, path);
        write(NEW, path.resolve(".recurrent-written"));
      }
    },
    WHILE_FILES_ARE_DELETED(NEW) {
      @Override
      void leave(Path path) throws IOException {
        write(Map.of("one", "old"), path);
        write(NEW, path.resolve(".recurrent-written"));
      }
    },
    BEFORE_FILES_ARE_MOVED(NEW) {
      @Override
      void leave(Path path) throws IOException {
        write(Map.of("one", "old"), path);
        write(NEW, path.resolve(".recurrent-moving"));
      }
    },
    WHILE_FILES_ARE_MOVED(NEW) {
      @Override
      void leave(Path path) throws IOException {
        write(Map.of("one", "old", "three", "new"), path);
        write(Map.of("one", "new"), path.resolve(".recurrent-moving"));
      }
    },
    AFTER_FILES_ARE_MOVED(NEW) {
      @Override
      void leave(Path path) throws IOException {
        write(NEW, path);
        Files.createDirectory(path.resolve(".recurrent-moving"));
      }
    };

    private final ImmutableMap<String, String> state;

    Interruption(ImmutableMap<String, String> state) {
      this.state = state;
    }

    abstract void leave(Path path) throws IOException;

    private static Path beside(Path path, String suffix) {
      return path.resolveSibling("." + path.getFileName() + "." + suffix);
    }
  }

  @ParameterizedTest
  @EnumSource
  void afterAnInterruptionTheCompleteStateIsRead(Interruption interruption) throws IOException {
    interruption.leave(path);

    assertThat(read("one")).isEqualTo(interruption.state.get("one"));
    for (String name : interruption.state.keySet()) {
      assertThat(read(name)).isEqualTo(interruption.state.get(name));
    }
  }

  @ParameterizedTest
  @EnumSource
  void afterAnInterruptionTheCompleteStateIsReadThroughALink(Interruption interruption)
      throws IOException {
    Path link = Files.createSymbolicLink(parent.resolve("link"), Path.of("data"));
    interruption.leave(path);

    assertThat(contents(named(link))).containsAllEntriesOf(interruption.state);
  }

  @ParameterizedTest
  @EnumSource
  void theWriteAfterAnInterruptionClearsAway(Interruption interruption) throws IOException {
    interruption.leave(path);

    replace(Map.of("one", "next"));

    assertThat(contents(path)).isEqualTo(Map.of("one", "next"));
    assertThat(names(parent)).containsExactly("data");
  }

  @ParameterizedTest
  @EnumSource
  void aFailedWriteAfterAnInterruptionKeepsTheCompleteState(Interruption interruption)
      throws IOException {
    interruption.leave(path);

    assertThatThrownBy(
            () ->
                folder.replace(
                    writing -> {
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");

    assertThat(read()).containsAllEntriesOf(interruption.state);
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptedStateIsNotTakenForANewFolder(Interruption interruption) throws IOException {
    interruption.leave(path);

    assertThatThrownBy(() -> folder.create(writing -> write(NEW, writing)))
        .isInstanceOf(DirectoryNotEmptyException.class);

    assertThat(read()).containsAllEntriesOf(interruption.state);
  }

  @Test
  void aFolderThatCannotBeRenamedIsWrittenInPlace() throws IOException {
    replace(OLD);
    Object before = Files.readAttributes(path, "*").get("fileKey");
    keepFromBeingRenamed();

    replace(NEW);

    assertThat(read()).isEqualTo(NEW);
    assertThat(Files.readAttributes(path, "*")).containsEntry("fileKey", before);
    assertThat(names(path)).containsExactlyInAnyOrder("one", "three", "kept");
  }

  @Test
  void aFailedWriteInPlaceLeavesTheOldState() throws IOException {
    replace(OLD);
    keepFromBeingRenamed();

    assertThatThrownBy(
            () ->
                folder.replace(
                    writing -> {
                      Files.writeString(writing.resolve("one"), "half");
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");

    assertThat(read()).isEqualTo(OLD);
    assertThat(names(path)).containsExactlyInAnyOrder("one", "two", "kept");
  }

  /** What cannot be moved out of the previous folder blocks the place of the next one. */
  private void keepFromBeingRenamed() throws IOException {
    Path previous = Files.createDirectories(parent.resolve(".data.previous"));
    Files.writeString(previous.resolve("kept"), "an older one");
    Files.writeString(path.resolve("kept"), "mine");
  }

  @Test
  void aFolderCanBeReadWhileItIsWrittenInPlace() throws Exception {
    replace(Map.of("one", "0", "two", "0"));
    Files.writeString(path.resolve(".DS_Store"), "mine");

    readWhileWriting();
  }

  @Test
  void aFolderCanBeReadWhileItIsExchanged() throws Exception {
    replace(Map.of("one", "0", "two", "0"));

    readWhileWriting();
  }

  private void readWhileWriting() throws Exception {
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing =
          writer.submit(
              () -> {
                for (int state = 1; state <= 60; state++) {
                  replace(Map.of("one", "" + state, "two", "" + state));
                }
                return null;
              });
      while (!writing.isDone()) {
        folder.read(
            state -> {
              String one = Files.readString(state.file("one"));
              String two = Files.readString(state.file("two"));
              if (!one.equals(two)) {
                throw new IOException("a mixture of " + one + " and " + two);
              }
              return one;
            });
      }
      writing.get();
    } finally {
      writer.shutdownNow();
    }
    assertThat(read("two")).isEqualTo("60");
  }

  @Test
  void anInterruptOfTheThreadLosesNothing() throws IOException {
    Thread.currentThread().interrupt();

    replace(OLD);
    replace(NEW);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(contents(path)).isEqualTo(NEW);
  }

  @Test
  void aLinkStaysOneAndItsTargetChanges() throws IOException {
    Path target = parent.resolve("disk").resolve("big");
    named(target).replace(writing -> write(OLD, writing));
    Files.createSymbolicLink(path, Path.of("disk", "big"));

    replace(NEW);

    assertThat(path).isSymbolicLink();
    assertThat(contents(target)).isEqualTo(NEW);
    assertThat(read()).isEqualTo(NEW);
    assertThat(names(parent)).containsExactly("data", "disk");
    assertThat(names(parent.resolve("disk"))).containsExactly("big");
  }

  @Test
  void aLinkThatLeadsNowhereYetGetsItsFolderThere() throws IOException {
    Path target = parent.resolve("disk").resolve("big");
    Files.createSymbolicLink(path, parent.resolve("other"));
    Files.createSymbolicLink(parent.resolve("other"), Path.of("disk/../disk/big"));

    replace(NEW);

    assertThat(path).isSymbolicLink();
    assertThat(contents(target)).isEqualTo(NEW);
  }

  @Test
  void aLinkAboveTheFolderIsFollowed() throws IOException {
    Files.createSymbolicLink(parent.resolve("runs"), Path.of("disk"));

    named(parent.resolve("runs").resolve("first")).replace(writing -> write(NEW, writing));

    assertThat(contents(parent.resolve("disk").resolve("first"))).isEqualTo(NEW);
  }

  @Test
  void linksInACircleAreRefused() throws IOException {
    Files.createSymbolicLink(path, Path.of("other"));
    Files.createSymbolicLink(parent.resolve("other"), Path.of("data"));

    assertThatThrownBy(() -> replace(NEW))
        .isInstanceOf(FileSystemLoopException.class)
        .hasMessageContaining("data");
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThatThrownBy(() -> read("one"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining("a thing");
  }

  @Test
  void aFileInThePlaceOfTheFolderIsNamed() throws IOException {
    Files.writeString(path, "mine");

    assertThatThrownBy(() -> read("one"))
        .isInstanceOf(NotDirectoryException.class)
        .hasMessageContaining(path.toString());
    assertThatThrownBy(() -> replace(NEW)).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(path).hasContent("mine");
  }

  @Test
  void aStateIsThereOnceItIsWrittenAndDuringEveryWrite() throws IOException {
    assertThat(folder.exists()).isFalse();
    Files.createDirectory(path);
    assertThat(folder.exists()).isFalse();

    replace(OLD);
    assertThat(folder.exists()).isTrue();
    Files.move(path, path.resolveSibling("." + path.getFileName() + ".previous"));
    assertThat(folder.exists()).isTrue();
  }

  @Test
  void foldersAreListedInOrderUnderTheirOwnNames() throws IOException {
    for (String name : List.of("b", ".a.previous", ".previous", "..previous", "c.previous")) {
      Files.createDirectory(parent.resolve(name));
    }
    Files.writeString(parent.resolve("file"), "");

    assertThat(CompleteFolder.list(parent))
        .extracting(listed -> listed.getFileName().toString())
        .containsExactly("..previous", ".previous", "a", "b", "c.previous");
  }

  @Test
  void theWorkingFolderAndThoseAboveItAreToldFromOthers() throws IOException {
    Path working = Path.of("").toAbsolutePath();

    assertThat(Place.of(working).isWorkingFolder()).isTrue();
    assertThat(Place.of(working.resolve("..")).isWorkingFolder()).isTrue();
    assertThat(Place.of(parent).isWorkingFolder()).isFalse();
  }

  @Test
  void statesAreEqualUntilAFileChanges() throws IOException {
    Path one = Files.writeString(parent.resolve("one"), "1");
    FolderState before = FolderState.of(parent, List.of(), Set.of("one", "two"));
    Path other = Files.createDirectory(parent.resolve("other"));

    assertThat(FolderState.of(parent, List.of(), Set.of("one", "two")))
        .isEqualTo(before)
        .hasSameHashCodeAs(before);
    assertThat(FolderState.of(other, List.of(), Set.of()))
        .isNotEqualTo(FolderState.of(parent, List.of(), Set.of()));
    Files.writeString(one, "longer");
    assertThat(FolderState.of(parent, List.of(), Set.of("one", "two"))).isNotEqualTo(before);
  }

  @Test
  void aRootIsNoPlace() {
    assertThatThrownBy(() -> CompleteFolder.of(Path.of("/"), "a thing", Set.of(), Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a thing");
  }

  private void replace(Map<String, String> state) throws IOException {
    folder.replace(writing -> write(state, writing));
  }

  private static void write(Map<String, String> state, Path place) throws IOException {
    Files.createDirectories(place);
    for (Map.Entry<String, String> file : state.entrySet()) {
      Files.writeString(place.resolve(file.getKey()), file.getValue());
    }
  }

  private Map<String, String> read() throws IOException {
    return contents(folder);
  }

  private String read(String name) throws IOException {
    return folder.read(state -> Files.readString(state.file(name)));
  }

  private static Map<String, String> contents(CompleteFolder folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (String name : List.of("one", "two", "three")) {
      Path file = folder.read(state -> state.file(name));
      if (Files.exists(file)) {
        contents.put(name, Files.readString(file));
      }
    }
    return contents;
  }

  private static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (String name : names(folder)) {
      contents.put(name, Files.readString(folder.resolve(name)));
    }
    return contents;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return new ArrayList<>(
          entries.map(entry -> entry.getFileName().toString()).sorted().toList());
    }
  }
}
