package io.github.recurrent.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnowledgeGraphTest {
  @TempDir Path folder;

  @Test
  void publishedPermutationGraphHasTwoThousandAtomicFacts() {
    KnowledgeGraph graph = KnowledgeGraph.builder().entities(200).relations(10).build();

    assertThat(graph.atomicFacts()).isEqualTo(2000);
    assertThat(graph.outDegree(17)).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({"200, 10, 42", "16, 8, 1", "1, 1, 2", "5, 40, 3"})
  void eachPermutationRelationIsABijectionOfTheEntities(int entities, int relations, long seed) {
    KnowledgeGraph graph =
        KnowledgeGraph.builder()
            .entities(entities)
            .relations(relations)
            .permutations()
            .seed(seed)
            .build();

    for (int relation = 0; relation < relations; relation++) {
      BitSet tails = new BitSet();
      for (int head = 0; head < entities; head++) {
        tails.set(graph.tails(head, relation).get(0));
      }
      assertThat(tails.cardinality()).isEqualTo(entities);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void headsHaveAsManyDistinctRelationsAsTheOutDegree(boolean permutations) {
    KnowledgeGraph.Builder builder =
        KnowledgeGraph.builder().entities(50).relations(20).outDegree(7).seed(3);
    KnowledgeGraph graph = (permutations ? builder.permutations() : builder.randomTails()).build();

    assertThat(graph.atomicFacts()).isEqualTo(350);
    for (int fact = 1; fact < graph.atomicFacts(); fact++) {
      if (graph.head(fact) == graph.head(fact - 1)) {
        assertThat(graph.relation(fact)).isGreaterThan(graph.relation(fact - 1));
      }
      assertThat(graph.tails(graph.head(fact), graph.relation(fact)))
          .isEqualTo(ImmutableIntArray.of(graph.tail(fact)));
    }
  }

  @Test
  void randomTailsAreSharedByHeads() {
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(100).relations(2).randomTails().build();

    BitSet tails = new BitSet();
    for (int head = 0; head < 100; head++) {
      tails.set(graph.tails(head, 0).get(0));
    }
    assertThat(tails.cardinality()).isBetween(40, 90);
  }

  @Test
  void sameSeedGivesTheSameGraphAndAnotherSeedAnother() {
    KnowledgeGraph.Builder builder = KnowledgeGraph.builder().entities(30).relations(5);

    assertThat(builder.seed(7).build())
        .isEqualTo(builder.seed(7).build())
        .isNotEqualTo(builder.seed(8).build());
  }

  @Test
  void nonsenseIsRejectedWithItsValue() {
    assertThatThrownBy(() -> KnowledgeGraph.builder().entities(-3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("entities")
        .hasMessageContaining("-3");
    assertThatThrownBy(() -> KnowledgeGraph.builder().relations(0))
        .hasMessageContaining("relations");
    assertThatThrownBy(() -> KnowledgeGraph.builder().outDegree(0))
        .hasMessageContaining("outDegree");
    assertThatThrownBy(() -> KnowledgeGraph.builder().entities(3).relations(2).outDegree(4).build())
        .hasMessageContaining("outDegree must be at most the 2 relations, but is 4");
  }

  @Test
  void triplesAreReadWithTheirNames() throws IOException {
    Path file = write("family.tsv", "Ada\tmother of\tBo\nBo\tfriend of\tCy\nAda\tmother of\tBo\n");

    KnowledgeGraph graph = KnowledgeGraph.read(file);

    assertThat(graph.entities()).isEqualTo(3);
    assertThat(graph.atomicFacts()).isEqualTo(2);
    assertThat(graph.entityName(graph.tails(0, 0).get(0))).isEqualTo("Bo");
    assertThat(graph.outDegree(2)).isZero();
    assertThat(graph.head(1)).isEqualTo(1);
  }

  @Test
  void quotedCommasBelongToANameOfACsvFile() throws IOException {
    KnowledgeGraph graph =
        KnowledgeGraph.read(write("cities.csv", "\"Paris, Texas\",lies in,USA\r\n"));

    assertThat(graph.entityName(0)).isEqualTo("Paris, Texas");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,r,b~a,r|line 2|has 2 fields",
        "a,<r>,b|line 1|in angle brackets",
        "a,,b|line 1|relation",
        "''|line 1|no triple"
      })
  void badTriplesAreNamedByLine(String text, String line, String problem) throws IOException {
    Path file = write("bad.csv", text.replace("~", "\r\n"));

    assertThatThrownBy(() -> KnowledgeGraph.read(file))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("bad.csv")
        .hasMessageContaining(line)
        .hasMessageContaining(problem);
  }

  @Test
  void missingAndUnknownFilesAreNamed() {
    assertThatThrownBy(() -> KnowledgeGraph.read(folder.resolve("none.tsv")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none.tsv");
    assertThatThrownBy(() -> KnowledgeGraph.read(folder.resolve("graph.json")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("graph.json");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void moreFactsThanAnArrayHoldsAreRefused() {
    assertThatThrownBy(() -> KnowledgeGraph.builder().entities(100_000).relations(50_000).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100000")
        .hasMessageContaining("50000");
  }
}
