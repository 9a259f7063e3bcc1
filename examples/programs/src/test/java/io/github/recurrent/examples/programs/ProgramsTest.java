package io.github.recurrent.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.onnx.OnnxExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramsTest {
  private static final Path SOURCES =
      Path.of("examples/programs/src/main/java/io/github/recurrent/examples/programs");
  private static final int MOST_LINES = 80;

  @FunctionalInterface
  private interface Program {
    void run(String... arguments) throws Exception;
  }

  @Test
  void firstProgramAnswersAHeldOutQueryAsTheGraphDoes() throws Exception {
    assertThat(printed(FirstProgram::main))
        .anyMatch(line -> line.matches("<.*> -> (<e_\\d+>) \\(.*iterations?; the graph: \\1"));
  }

  @Test
  void ownGraphAnswersHeldOutFacts() throws Exception {
    assertThat(printed(OwnGraph::main, "examples/programs/data/notes.tsv", "1"))
        .filteredOn(line -> line.contains("the graph says <e_"))
        .hasSize(5);
  }

  @Test
  void worldRanksAnswersAndIsAskedByName() throws Exception {
    assertThat(printed(World::main, "1"))
        .anyMatch(line -> line.matches("2hop_test, 2 hops: .*held-out facts.*"))
        .anyMatch(line -> line.startsWith("2hop_test,2,"))
        .contains("France —currency→ Euro —~currency→ Andorra");
  }

  @Test
  void publishedCheckpointIsDescribedExportedAndAnswers() throws Exception {
    assertThat(printed(PublishedCheckpoint::main))
        .anyMatch(line -> line.contains("2 layers of width 48, vocabulary 33, no positions"))
        .anyMatch(line -> line.startsWith("<e_7><r_5><r_3><r_3> -> <"));
  }

  @Test
  void allQueriesOfAllClientsAreAnswered() throws Exception {
    assertThat(printed(ManyQueries::main)).anyMatch(line -> line.contains("1000 queries answered"));
  }

  @Test
  void everyRuleHaltsBothRows() throws Exception {
    List<String> lines = printed(OwnHalting::main);

    assertThat(lines).filteredOn(line -> line.startsWith("  row 1: ")).hasSize(4);
    assertThat(lines.get(lines.size() - 1)).endsWith("after 40 iterations");
  }

  @Test
  void programsAreShort() throws IOException {
    try (Stream<Path> sources = Files.list(SOURCES)) {
      assertThat(sources.filter(source -> !source.endsWith("Quickstart.java")))
          .map(Files::readAllLines)
          .filteredOn(lines -> lines.stream().anyMatch(line -> line.contains("void main(")))
          .isNotEmpty()
          .allSatisfy(lines -> assertThat(lines).hasSizeLessThan(MOST_LINES));
    }
  }

  @Test
  void anExportedModelIsAskedWithNamesAsOneTypesThem(@TempDir Path folder) throws Exception {
    OnnxExporter.export(PublishedCheckpoint.fixture(), folder.resolve("onnx"));

    assertThat(printed(Ask::main, folder.resolve("onnx").toString(), "e_7", "r_5", "<r_3>"))
        .hasSize(4)
        .first()
        .asString()
        .startsWith("<e_7><r_5><r_3> -> <");
  }

  private static List<String> printed(Program program, String... arguments) throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      program.run(arguments);
    } finally {
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
