package io.github.recurrent.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.KnowledgeGraph;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileFormatExceptionTest {
  @TempDir Path folder;

  @Test
  void aLineIsNamedWithItsFile() throws Exception {
    Path file = Files.writeString(folder.resolve("facts.tsv"), "a\tr\tb\na\tr\n");

    FileFormatException refused = refused(() -> KnowledgeGraph.read(file));

    assertThat(refused.file()).isEqualTo(file.toString());
    assertThat(refused.place()).hasValue("line 2");
    assertThat(refused).hasMessageStartingWith(file + ", line 2: has 2 fields");
  }

  @Test
  void anElementIsNamedWithItsFile() throws Exception {
    Path file = Files.writeString(folder.resolve("vocab.json"), "[\"<e_0>\", 7]");

    FileFormatException refused = refused(() -> Vocabulary.read(file));

    assertThat(refused.file()).isEqualTo(file.toString());
    assertThat(refused.place()).hasValue("the token at index 1");
    assertThat(refused).hasMessageStartingWith(file + ": the token at index 1: must be a string");
  }

  @Test
  void aFileAsAWholeHasNoPlace() throws Exception {
    Path file = Files.writeString(folder.resolve("config.json"), "[]");

    FileFormatException refused = refused(() -> Checkpoint.read(folder));

    assertThat(refused.file()).isEqualTo(file.toString());
    assertThat(refused.place()).isEmpty();
  }

  @Test
  void fileAndPlaceSurviveSerialization() throws Exception {
    FileFormatException thrown =
        FileFormatException.at(folder.resolve("a.json"), "record 3", "is not one", null);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(thrown);
    }

    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      FileFormatException read = (FileFormatException) in.readObject();
      assertThat(read).hasMessage(thrown.getMessage());
      assertThat(read.file()).isEqualTo(thrown.file());
      assertThat(read.place()).isEqualTo(thrown.place());
    }
  }

  private static FileFormatException refused(ThrowingCallable reading) {
    return catchThrowableOfType(FileFormatException.class, reading);
  }
}
