package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.fixtures.ForkedJvm;
import io.github.recurrent.graph.KnowledgeGraph;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ends the writing of a dataset in the middle. */
class StreamFaultTest {
  @TempDir Path folder;

  /** Writes until the disk, or what of it a process may use, is full. */
  static final class UntilFull {
    private UntilFull() {}

    public static void main(String[] args) throws IOException {
      KnowledgeGraph graph =
          KnowledgeGraph.builder().entities(300).relations(30).permutations().seed(1).build();
      try {
        MultiHopDataset.from(graph)
            .hops(2, 3)
            .trainPerHop(50_000)
            .testPerHop(10)
            .write(Path.of(args[0]));
        System.out.println("written");
      } catch (IOException e) {
        System.out.println("failed");
      }
    }
  }

  @ParameterizedTest
  // In blocks of 512 bytes: less than the queries take, less than the records do, and enough.
  @CsvSource({"200, failed", "4000, failed", "60000, written"})
  @EnabledOnOs(OS.LINUX)
  void afterAFullDiskNothingIsLeft(int blocks, String outcome) throws Exception {
    Path parent = Files.createDirectory(folder.resolve("parent"));
    Path data = parent.resolve("data");

    ForkedJvm ended = ForkedJvm.limited(blocks, UntilFull.class, data.toString());

    assertThat(ended.output()).endsWith(outcome);
    if (outcome.equals("failed")) {
      assertThat(parent).isEmptyDirectory();
    } else {
      assertThat(data.resolve("train.json")).isNotEmptyFile();
    }
  }

  @Test
  @Timeout(60)
  void afterAnInterruptNothingIsLeft() throws Exception {
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(2000).relations(100).permutations().seed(1).build();
    Path data = folder.resolve("data");
    Throwable[] thrown = new Throwable[1];
    boolean[] interrupted = new boolean[1];
    Thread writer =
        new Thread(
            () -> {
              try {
                MultiHopDataset.from(graph).trainPerHop(1_000_000).write(data);
              } catch (IOException | RuntimeException e) {
                thrown[0] = e;
                interrupted[0] = Thread.currentThread().isInterrupted();
              }
            });
    writer.start();
    while (!holdsQueries(folder)) {
      Thread.sleep(5);
    }
    writer.interrupt();
    writer.join();

    assertThat(thrown[0]).isInstanceOf(ClosedByInterruptException.class);
    assertThat(interrupted[0]).isTrue();
    assertThat(folder).isEmptyDirectory();
  }

  private static boolean holdsQueries(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.anyMatch(file -> file.endsWith("queries.part"));
    }
  }
}
