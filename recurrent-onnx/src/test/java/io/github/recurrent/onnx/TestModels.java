package io.github.recurrent.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.Query;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.QueryBatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;

/** Small random models whose blocks change the hidden state, and queries for them. */
final class TestModels {
  static final int ENTITIES = 12;
  static final int RELATIONS = 4;
  static final Vocabulary VOCABULARY =
      Vocabulary.ofTokens(
          Stream.concat(
                  IntStream.range(0, ENTITIES).mapToObj(entity -> "<e_" + entity + ">"),
                  IntStream.range(0, RELATIONS).mapToObj(relation -> "<r_" + relation + ">"))
              .toList());

  private TestModels() {}

  static RecurrentDepthTransformer.Builder small() {
    return RecurrentDepthTransformer.builder()
        .vocabulary(VOCABULARY)
        .width(32)
        .layers(2)
        .heads(4)
        .initialization(
            Initialization.builder()
                .embeddingStandardDeviation(0.5)
                .linearStandardDeviation(0.1)
                .projectionScale(1)
                .build());
  }

  static Checkpoint random(RecurrentDepthTransformer model, long seed) {
    return Checkpoint.builder()
        .model(model)
        .vocabulary(VOCABULARY)
        .parameters(Parameters.initialize(model, Seed.of(seed)))
        .provenance(ImmutableMap.of("seed", Long.toString(seed), "data", "\"graph\" {é}"))
        .build();
  }

  static Checkpoint random(long seed) {
    return random(small().build(), seed);
  }

  /** Returns queries of 1 to {@code mostHops} hops. */
  static QueryBatch queries(int count, int mostHops, long seed) {
    UniformRandomProvider random = RandomStream.of(Seed.of(seed).child("queries"));
    ImmutableList.Builder<Query> queries = ImmutableList.builder();
    for (int query = 0; query < count; query++) {
      int hops = 1 + random.nextInt(mostHops);
      queries.add(
          Query.of(
              "<e_" + random.nextInt(ENTITIES) + ">",
              random
                  .ints(hops, 0, RELATIONS)
                  .mapToObj(relation -> "<r_" + relation + ">")
                  .toArray(String[]::new)));
    }
    return QueryBatch.of(VOCABULARY, queries.build());
  }
}
