package io.github.recurrent.checkpoint;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint.TrainingState;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;

/** Checkpoints of a few hundred parameters. */
final class CheckpointFixture {
  static final Vocabulary VOCABULARY =
      Vocabulary.ofTokens(ImmutableList.of("<e_0>", "<e_1>", "<e_2>", "<r_0>", "<a>", "</a>"));

  static final RecurrentDepthTransformer MODEL =
      RecurrentDepthTransformer.builder()
          .vocabulary(VOCABULARY)
          .width(4)
          .layers(1)
          .heads(2)
          .positions(PositionEncoding.LEARNED)
          .maxPositions(3)
          .readPosition(ReadPosition.column(2))
          .recurrence(Recurrence.poisson(3.5).between(1, 6))
          .inputInjection(true)
          .initialization(
              Initialization.builder().linearStandardDeviation(0.1).projectionScale(0.5).build())
          .build();

  private CheckpointFixture() {}

  static Checkpoint trained(long seed) {
    return Checkpoint.builder()
        .model(MODEL)
        .vocabulary(VOCABULARY)
        .parameters(Parameters.initialize(MODEL, Seed.of(seed)))
        .provenance(ImmutableMap.of("seed", Long.toString(seed), "data", "\"graph\"\n{é}"))
        .build();
  }

  /** Returns a checkpoint that differs in one value of a parameter. */
  static Checkpoint withValue(Checkpoint checkpoint, String parameter, int index, float value) {
    ImmutableMap.Builder<String, float[]> values = ImmutableMap.builder();
    checkpoint
        .parameters()
        .shapes()
        .forEach(
            (name, shape) -> {
              float[] copy = new float[shape.size()];
              checkpoint.parameters().values(name).get(copy);
              if (name.equals(parameter)) {
                copy[index] = value;
              }
              values.put(name, copy);
            });
    return Checkpoint.builder()
        .from(checkpoint)
        .parameters(Parameters.of(checkpoint.model(), values.buildOrThrow()))
        .build();
  }

  static Checkpoint inTraining(long seed) {
    return Checkpoint.builder()
        .from(trained(seed))
        .trainingState(
            TrainingState.builder()
                .step(5_000_000_000L)
                .optimizerStep(12)
                .epoch(3)
                .stage(4)
                .seed(Long.MIN_VALUE)
                .firstMoments(Parameters.initialize(MODEL, Seed.of(seed).child("first")))
                .secondMoments(Parameters.initialize(MODEL, Seed.of(seed).child("second")))
                .build())
        .build();
  }
}
