package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.primitives.Ints;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.KnowledgeGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompositionDatasetTest {
  @TempDir Path folder;

  @Test
  void publishedSizeNeverComposesAnOodFactInTraining() {
    KnowledgeGraph graph = graph(2000, 200, 20, 42);
    CompositionDataset data = CompositionDataset.from(graph).inferredRatio(7.2).build();

    assertThat(data.atomic().size()).isEqualTo(40_000);
    assertThat(data.inferred().size()).isEqualTo(273_600);
    assertThat(data.validation().size()).isBetween(1_700, 2_300);
    assertThat(data.test().facts(CompositionDataset.OOD_ATOMIC).size()).isEqualTo(2_000);
    assertThat(data.test().facts(CompositionDataset.ID_ATOMIC).size()).isEqualTo(3_000);
    assertThat(data.test().facts(CompositionDataset.TEST_INFERRED_IID).size()).isEqualTo(3_000);

    Set<List<Integer>> ood = queries(data.test().facts(CompositionDataset.OOD_ATOMIC));
    assertThat(countWithAnOodFact(graph, data.inferred(), ood)).isZero();
    assertThat(
            countWithAnOodFact(graph, data.test().facts(CompositionDataset.TEST_INFERRED_IID), ood))
        .isZero();
    assertThat(queries(data.inferred())).hasSize(273_600);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyFactIsCorrectAndOodFactsAreOfTwoOodFacts(long seed) {
    KnowledgeGraph graph = graph(60, 20, 10, seed);
    CompositionDataset data =
        CompositionDataset.from(graph).oodShare(0.2).inferredRatio(5).seed(seed).build();

    Set<List<Integer>> ood = queries(data.test().facts(CompositionDataset.OOD_ATOMIC));
    Facts oodInferred = data.validation();
    for (int fact = 0; fact < oodInferred.size(); fact++) {
      int[] query = oodInferred.queryIds(fact);
      int bridge = tail(graph, data.vocabulary(), query[0], query[1]);
      assertThat(ood).contains(List.of(query[0], query[1])).contains(List.of(bridge, query[2]));
      assertThat(oodInferred.answerId(fact))
          .isEqualTo(tail(graph, data.vocabulary(), bridge, query[2]));
    }
    assertThat(queries(data.inferred()))
        .doesNotContainAnyElementsOf(
            queries(data.test().facts(CompositionDataset.TEST_INFERRED_IID)));
    assertThat(queries(data.inferred()))
        .containsAll(queries(data.test().facts(CompositionDataset.TRAIN_INFERRED)));
  }

  @Test
  void writtenFolderIsReadBackEqual() throws IOException {
    CompositionDataset data =
        CompositionDataset.from(graph(60, 20, 10, 4)).oodShare(0.2).inferredRatio(5).build();

    data.write(folder.resolve("composition"));

    assertThat(CompositionDataset.read(folder.resolve("composition"))).isEqualTo(data);
    assertThat(folder.resolve("composition/train.json")).content().doesNotContain("\"type\"");
  }

  @Test
  void sameSeedGivesTheSameDatasetAndAnotherSeedAnother() {
    CompositionDataset.Builder builder =
        CompositionDataset.from(graph(60, 20, 10, 4)).oodShare(0.2).inferredRatio(5);

    assertThat(builder.seed(1).build())
        .isEqualTo(builder.seed(1).build())
        .isNotEqualTo(builder.seed(2).build());
  }

  @Test
  void unknownTypesAreNamed() throws IOException {
    CompositionDataset.from(graph(60, 20, 10, 4))
        .oodShare(0.2)
        .inferredRatio(5)
        .build()
        .write(folder.resolve("data"));
    Path test = folder.resolve("data/test.json");
    Files.writeString(test, Files.readString(test).replaceFirst("id_atomic", "id_atomik"));

    assertThatThrownBy(() -> CompositionDataset.read(folder.resolve("data")))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("test.json")
        .hasMessageContaining("record 1")
        .hasMessageContaining("id_atomik");
  }

  @ParameterizedTest
  @CsvSource({"train.json, 1 to 2", "valid.json, 2 to 2", "test.json, 2 to 2"})
  void recordsOfOtherNumbersOfHopsAreNamed(String name, String allowed) throws IOException {
    CompositionDataset data =
        CompositionDataset.from(graph(60, 20, 10, 4)).oodShare(0.2).inferredRatio(5).build();
    data.write(folder.resolve("data"));
    String input = data.vocabulary().token(data.vocabulary().entityId(0));
    String record = input + "<r_0>".repeat(3);
    Path file = folder.resolve("data").resolve(name);
    String text = Files.readString(file);
    Files.writeString(
        file,
        "[{\"input_text\": \""
            + record
            + "\", \"target_text\": \""
            + record
            + input
            + "</a>\", \"type\": \"test_inferred_iid\"},"
            + text.substring(text.indexOf('[') + 1));

    assertThatThrownBy(() -> CompositionDataset.read(folder.resolve("data")))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("record 1")
        .hasMessageContaining("3 hops, but here they have " + allowed);
  }

  @Test
  void aTestWithoutRecordsIsRefused() throws IOException {
    CompositionDataset.from(graph(60, 20, 10, 4))
        .oodShare(0.2)
        .inferredRatio(5)
        .build()
        .write(folder.resolve("data"));
    Files.writeString(folder.resolve("data/test.json"), "[]");

    assertThatThrownBy(() -> CompositionDataset.read(folder.resolve("data")))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("test.json");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.5, Double.NaN})
  void sharesAreBetweenNoneAndAll(double share) {
    CompositionDataset.Builder builder = CompositionDataset.from(graph(60, 20, 10, 4));

    assertThatThrownBy(() -> builder.oodShare(share))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("oodShare must be above 0 and below 1, but is " + share);
    assertThatThrownBy(() -> builder.heldOutShare(share))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("heldOutShare must be above 0 and below 1, but is " + share);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aRatioIsPositiveAndFinite(double ratio) {
    assertThatThrownBy(() -> CompositionDataset.from(graph(60, 20, 10, 4)).inferredRatio(ratio))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("positive and finite, but is " + ratio);
  }

  @Test
  void moreInferredFactsThanExistAreRefused() {
    assertThatThrownBy(
            () -> CompositionDataset.from(graph(60, 20, 10, 4)).inferredRatio(50).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("50.0");
  }

  private static KnowledgeGraph graph(int entities, int relations, int outDegree, long seed) {
    return KnowledgeGraph.builder()
        .entities(entities)
        .relations(relations)
        .outDegree(outDegree)
        .randomTails()
        .seed(seed)
        .build();
  }

  private static long countWithAnOodFact(
      KnowledgeGraph graph, Facts inferred, Set<List<Integer>> ood) {
    long count = 0;
    for (int fact = 0; fact < inferred.size(); fact++) {
      int[] query = inferred.queryIds(fact);
      int bridge = tail(graph, inferred.vocabulary(), query[0], query[1]);
      if (ood.contains(List.of(query[0], query[1])) || ood.contains(List.of(bridge, query[2]))) {
        count++;
      }
    }
    return count;
  }

  private static int tail(KnowledgeGraph graph, Vocabulary vocabulary, int headId, int relationId) {
    return vocabulary.entityId(
        graph.tails(headId - vocabulary.entityId(0), relationId - vocabulary.relationId(0)).get(0));
  }

  private static Set<List<Integer>> queries(Facts facts) {
    Set<List<Integer>> queries = new HashSet<>();
    for (int fact = 0; fact < facts.size(); fact++) {
      queries.add(Ints.asList(facts.queryIds(fact)));
    }
    return queries;
  }

  @Test
  void aRatioThatCannotBeHadSaysWhichCan() {
    CompositionDataset.Builder builder =
        CompositionDataset.from(graph(60, 20, 10, 4)).oodShare(0.2);

    for (double asked : new double[] {50, 1e-9}) {
      Matcher range =
          Pattern.compile("from (\\S+) to (\\S+) can be had")
              .matcher(
                  String.valueOf(
                      catchThrowable(() -> builder.inferredRatio(asked).build()).getMessage()));
      assertThat(range.find()).isTrue();
      for (String bound : List.of(range.group(1), range.group(2))) {
        assertThat(builder.inferredRatio(Double.parseDouble(bound)).build().inferred().size())
            .isPositive();
      }
    }
  }

  @Test
  void anOodShareThatCannotBeHadSaysWhichCan() {
    KnowledgeGraph graph = KnowledgeGraph.builder().entities(4).relations(1).seed(1).build();

    assertThatThrownBy(() -> CompositionDataset.from(graph).oodShare(0.01).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 0.25 to 0.75 can be had");
  }
}
