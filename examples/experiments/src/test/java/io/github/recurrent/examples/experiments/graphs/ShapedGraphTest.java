package io.github.recurrent.examples.experiments.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.graph.KnowledgeGraph;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShapedGraphTest {
  static Stream<GraphShape> shapes() {
    return Stream.of(GraphShape.WN18RR, GraphShape.FB15K_237, GraphShape.UMLS);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aGraphHasTheShapeThatItIsDrawnIn(GraphShape shape) {
    GraphShape drawn = GraphShape.of(ShapedGraph.draw(shape, 42));

    assertThat(drawn.entities()).isEqualTo(shape.entities());
    assertThat(drawn.relations()).isEqualTo(shape.relations());
    assertThat(drawn.facts()).isEqualTo(shape.facts());
    assertThat(drawn.onePairs()).isCloseTo(shape.onePairs(), within(0.005));
    assertThat(drawn.oneFacts()).isCloseTo(shape.oneFacts(), within(0.005));
  }

  @Test
  void fewEntitiesAreInManyFacts() {
    for (GraphShape shape : new GraphShape[] {GraphShape.WN18RR, GraphShape.FB15K_237}) {
      KnowledgeGraph graph = ShapedGraph.draw(shape, 42);
      int[] out = IntStream.range(0, graph.entities()).map(graph::outDegree).toArray();
      int[] in = new int[graph.entities()];
      for (int fact = 0; fact < graph.atomicFacts(); fact++) {
        in[graph.tail(fact)]++;
      }
      for (int[] degrees : new int[][] {out, in}) {
        double mean = (double) shape.facts() / shape.entities();
        assertThat(Arrays.stream(degrees).max().orElseThrow()).isGreaterThan((int) (10 * mean));
        Arrays.sort(degrees);
        assertThat(degrees[degrees.length / 2]).isLessThanOrEqualTo((int) Math.ceil(mean));
      }
    }
  }

  @Test
  void theSeedDecides() {
    assertThat(ShapedGraph.draw(GraphShape.UMLS, 1))
        .isEqualTo(ShapedGraph.draw(GraphShape.UMLS, 1))
        .isNotEqualTo(ShapedGraph.draw(GraphShape.UMLS, 2));
  }
}
