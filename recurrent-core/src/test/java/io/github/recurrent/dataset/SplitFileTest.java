package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.KnowledgeGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitFileTest {
  private static final MultiHopDataset DATA =
      MultiHopDataset.from(
              KnowledgeGraph.builder().entities(5).relations(3).permutations().seed(1).build())
          .hops(2, 3)
          .trainPerHop(20)
          .testPerHop(7)
          .build();

  @TempDir Path folder;

  @Test
  void aWrittenSplitIsReadBackAsItWas() throws IOException {
    Path file = folder.resolve("test.json");
    DATA.test().write(file);

    assertThat(Split.read(file, DATA.vocabulary())).isEqualTo(DATA.test());
  }

  /** Whoever has the file that was there, as by a link or open, goes on seeing it whole. */
  @Test
  void aFileIsReplacedAndNotWrittenOver() throws IOException {
    Path file = Files.writeString(folder.resolve("file.json"), "old");
    Path old = Files.createLink(folder.resolve("old.json"), file);
    DATA.test().write(file);
    assertThat(old).hasContent("old");

    Files.delete(old);
    Files.createLink(old, file);
    DATA.vocabulary().write(file);

    assertThat(Split.read(old, DATA.vocabulary())).isEqualTo(DATA.test());
    assertThat(Vocabulary.read(file)).isEqualTo(DATA.vocabulary());
  }

  @Test
  void theTestFileOfAPublishedFolderIsASplit() throws IOException {
    DATA.write(folder.resolve("data"));

    assertThat(Split.read(folder.resolve("data").resolve("test.json"), DATA.vocabulary()))
        .isEqualTo(DATA.test());
  }

  @Test
  void recordsThatDoNotBelongTogetherAreRefused() throws IOException {
    Path untyped =
        write("[{\"input_text\": \"<e_0><r_0>\", \"target_text\": \"<e_0><r_0><e_1></a>\"}]");
    assertThatThrownBy(() -> Split.read(untyped, DATA.vocabulary()))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("type");

    Path mixed =
        write(
            "[{\"type\": \"t\", \"input_text\": \"<e_0><r_0>\", \"target_text\":"
                + " \"<e_0><r_0><e_1></a>\"}, {\"type\": \"t\", \"input_text\": \"<e_0><r_0><r_1>\","
                + " \"target_text\": \"<e_0><r_0><r_1><e_1></a>\"}]");
    assertThatThrownBy(() -> Split.read(mixed, DATA.vocabulary()))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("2 hops")
        .hasMessageContaining("have 1");
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("records.json"), json);
  }
}
