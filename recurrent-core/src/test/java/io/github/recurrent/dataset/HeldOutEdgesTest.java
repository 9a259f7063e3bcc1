package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.graph.SmallGraphs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datasets of graphs some facts of which are held out of training. */
class HeldOutEdgesTest {
  private static KnowledgeGraph part(KnowledgeGraph all, long seed) {
    Random random = new Random(seed);
    return SmallGraphs.part(all, (head, relation, tail) -> random.nextInt(5) > 0);
  }

  /** Returns the number of heads and relations that have a tail. */
  private static int pairs(KnowledgeGraph graph) {
    int pairs = 0;
    for (int head = 0; head < graph.entities(); head++) {
      for (int relation = 0; relation < graph.relations(); relation++) {
        pairs += graph.tails(head, relation).isEmpty() ? 0 : 1;
      }
    }
    return pairs;
  }

  private static ImmutableIntArray ends(KnowledgeGraph graph, Facts facts, int fact) {
    int[] query = facts.queryIds(fact);
    int[] relations = new int[facts.hops()];
    for (int hop = 0; hop < relations.length; hop++) {
      relations[hop] = query[hop + 1] - facts.vocabulary().relationId(0);
    }
    int first = facts.vocabulary().entityId(0);
    return ImmutableIntArray.copyOf(
        graph.tails(query[0] - first, relations).stream().map(end -> end + first));
  }

  @Test
  void aSplitFolderKeepsItsTestFactsOutOfTraining(@TempDir Path folder) throws IOException {
    KnowledgeGraph all = SmallGraphs.random(30, 4, 90, 5);
    KnowledgeGraph train = part(all, 5);
    train.write(folder.resolve("train.tsv"));
    SmallGraphs.part(
            all,
            (head, relation, tail) ->
                !train.answers(Query.from(head).follow(relation)).contains(tail))
        .write(folder.resolve("test.tsv"));

    MultiHopDataset data =
        MultiHopDataset.from(KnowledgeGraph.readSplits(folder))
            .hops(2, 2)
            .allWhereFewerExist(0.1)
            .build();

    assertThat(data.atomic().size()).isEqualTo(pairs(train));
    Facts tested = data.test(2);
    for (int fact = 0; fact < tested.size(); fact++) {
      Query query = tested.query(fact);
      assertThat(train.answers(query)).doesNotContain(Vocabulary.name(tested.answer(fact)));
      assertThat(all.answers(query)).contains(Vocabulary.name(tested.answer(fact)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void testQueriesNeedAHeldOutFactAndTrainingQueriesNone(long seed) {
    KnowledgeGraph all = SmallGraphs.random(30, 4, 90, seed);
    KnowledgeGraph train = part(all, seed);

    MultiHopDataset data =
        MultiHopDataset.from(train)
            .testOn(all)
            .hops(2, 4)
            .trainPerHop(100)
            .testPerHop(20)
            .seed(seed)
            .build();

    for (int hops = 2; hops <= 4; hops++) {
      Facts trained = data.train(hops);
      Set<List<Integer>> queries = new HashSet<>();
      for (int fact = 0; fact < trained.size(); fact++) {
        assertThat(trained.answerIds(fact)).isEqualTo(ends(train, trained, fact));
        queries.add(Ints.asList(trained.queryIds(fact)));
      }
      Facts tested = data.test(hops);
      assertThat(tested.size()).isEqualTo(20);
      for (int fact = 0; fact < tested.size(); fact++) {
        assertThat(tested.answerIds(fact)).isEqualTo(ends(all, tested, fact));
        assertThat(ends(train, tested, fact).contains(tested.answerId(fact))).isFalse();
        assertThat(queries).doesNotContain(Ints.asList(tested.queryIds(fact)));
      }
    }
    assertThat(data.atomic().size()).isLessThanOrEqualTo(train.atomicFacts());
  }

  @Test
  void whereNoFactIsHeldOutThereIsNothingToTest() {
    KnowledgeGraph all = SmallGraphs.random(10, 2, 10, 1);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MultiHopDataset.from(all)
                    .testOn(all)
                    .hops(2, 2)
                    .trainPerHop(5)
                    .testPerHop(100)
                    .build())
        .withMessageContaining("100 distinct 2-hop facts were asked of a graph that has 0")
        .withMessageContaining("that need a fact outside the training graph");
  }

  @Test
  void graphsThatDoNotBelongTogetherAreRefused() {
    KnowledgeGraph all = SmallGraphs.of("a | r | b", "b | r | c");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> MultiHopDataset.from(SmallGraphs.of("a | r | b")).testOn(all))
        .withMessageContaining("3 and 1 instead of 2 and 1");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> MultiHopDataset.from(SmallGraphs.of("a | r | c", "c | r | b")).testOn(all))
        .withMessageContaining("entity 1 is \"b\" in the graph of all facts, but \"c\"");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MultiHopDataset.from(SmallGraphs.of("a | r | b", "b | r | c", "c | r | a"))
                    .testOn(all))
        .withMessageContaining("lacks c, r, a of the training graph");
  }
}
