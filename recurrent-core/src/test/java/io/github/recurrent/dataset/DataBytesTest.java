package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.recurrent.graph.KnowledgeGraph;
import org.junit.jupiter.api.Test;

/** The data of a seed is the same in every version: trainings are told by their seeds. */
class DataBytesTest {
  @Test
  void factsForDepthExtrapolationKeepTheirBytes() {
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(200).relations(10).permutations().seed(42).build();

    MultiHopDataset data = MultiHopDataset.from(graph).build();

    assertThat(hash(data))
        .isEqualTo("61e25646987e08fff10479a99ae2a6da5570bf31bcf1281e3705ed8f78c539ae");
  }

  @Test
  void factsOfAGraphWithFewRelationsAHeadKeepTheirBytes() {
    KnowledgeGraph graph =
        KnowledgeGraph.builder()
            .entities(500)
            .relations(30)
            .outDegree(5)
            .randomTails()
            .seed(7)
            .build();

    MultiHopDataset data =
        MultiHopDataset.from(graph).hops(2, 9).trainPerHop(1000).testPerHop(100).seed(3).build();

    assertThat(hash(data))
        .isEqualTo("8355f8164b13d1e8f32f871bf548dab0087a1b7f41df9f1fd20084fdc5b109c7");
  }

  @Test
  void factsOfASmallGraphKeepTheirBytes() {
    KnowledgeGraph graph = KnowledgeGraph.builder().entities(20).relations(4).seed(5).build();

    MultiHopDataset data =
        MultiHopDataset.from(graph)
            .hops(2, 6)
            .trainPerHop(900)
            .testPerHop(100)
            .allWhereFewerExist(0.2)
            .build();

    assertThat(hash(data))
        .isEqualTo("d03c961c740bd47d57696af92b68e3fecd42f1d47034d6b4305adef1071a102b");
  }

  @Test
  void compositionsKeepTheirBytes() {
    KnowledgeGraph graph =
        KnowledgeGraph.builder()
            .entities(2000)
            .relations(200)
            .outDegree(20)
            .randomTails()
            .seed(42)
            .build();

    CompositionDataset data = CompositionDataset.from(graph).build();

    Hasher hasher = Hashing.sha256().newHasher();
    put(hasher, data.atomic());
    put(hasher, data.inferred());
    put(hasher, data.validation());
    put(hasher, data.test());
    assertThat(hasher.hash().toString())
        .isEqualTo("e7c859b67aa6afaaf2d84e777c3670d8e2189f1f815ac128995a7e1e826da219");
  }

  private static String hash(MultiHopDataset data) {
    Hasher hasher = Hashing.sha256().newHasher();
    put(hasher, data.atomic());
    for (int hops = data.minHops(); hops <= data.maxHops(); hops++) {
      put(hasher, data.train(hops));
    }
    put(hasher, data.test());
    return hasher.hash().toString();
  }

  private static void put(Hasher hasher, Split split) {
    split
        .byType()
        .forEach(
            (type, facts) -> {
              hasher.putUnencodedChars(type);
              put(hasher, facts);
            });
  }

  private static void put(Hasher hasher, Facts facts) {
    for (int fact = 0; fact < facts.size(); fact++) {
      for (int id : facts.queryIds(fact)) {
        hasher.putInt(id);
      }
      hasher.putInt(facts.answerId(fact));
    }
  }
}
