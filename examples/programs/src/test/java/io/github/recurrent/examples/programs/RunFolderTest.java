package io.github.recurrent.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFolderTest {
  @TempDir private Path folder;

  @Test
  void aRunNeverGoesToTheFolderOfAnother() throws IOException {
    Path wanted = folder.resolve("run");
    assertThat(RunFolder.create(wanted).path()).isEqualTo(wanted);
    Files.writeString(wanted.resolve("notes.txt"), "mine");

    RunFolder second = RunFolder.create(wanted);

    assertThat(second.path()).isEqualTo(folder.resolve("run-2"));
    assertThat(second.note()).contains("another run, which stays as it is. This one goes to");
    assertThat(Files.readString(wanted.resolve("notes.txt"))).isEqualTo("mine");
  }

  @Test
  void aFileInThePlaceOfTheFolderStays() throws IOException {
    Path wanted = Files.writeString(folder.resolve("run"), "mine");

    assertThat(RunFolder.create(wanted).path()).isEqualTo(folder.resolve("run-2"));
    assertThat(Files.readString(wanted)).isEqualTo("mine");
  }

  @Test
  void anUnfinishedRunCanGoOnWithItsChoices() throws IOException {
    Path wanted = folder.resolve("run");
    QuickstartChoices first = new QuickstartChoices();
    first.seed = -7;
    first.hops = 4;
    first.entities = 20;
    first.relations = 9;
    first.write(RunFolder.create(wanted).path());

    assertThat(RunFolder.create(wanted).note()).contains("unfinished", "--resume");
    QuickstartChoices again = new QuickstartChoices();
    again.read(RunFolder.of(wanted).path());
    assertThat(again.told()).isEqualTo(first.told());
  }

  @Test
  void thereIsNothingToGoOnWithInAFolderOfSomethingElse() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunFolder.of(folder))
        .withMessageContaining("no run to go on with in " + folder);
  }
}
