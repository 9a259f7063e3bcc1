package io.github.recurrent.tf.internal.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.Parameters.Shape;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Trajectory;
import io.github.recurrent.tf.AdamW;
import io.github.recurrent.tf.Dropout;
import io.github.recurrent.tf.Precision;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Session;

final class TrainingGraphTest {
  private static final List<int[]> QUERIES =
      ImmutableList.of(
          new int[] {1, 7}, new int[] {3, 9, 8, 7}, new int[] {5, 8, 8}, new int[] {2, 7, 9});
  private static final Targets ANSWERS = Targets.of(4, 2, 5, 1);

  static Stream<TrainedFunction> functions() {
    return Stream.of(
        function(small().build()),
        function(small().layers(1).inputInjection(true).build()),
        function(small().attentionSlopes(2, 0.25, 0).build()),
        function(
            small()
                .positions(PositionEncoding.LEARNED)
                .readPosition(ReadPosition.column(4))
                .inputInjection(true)
                .build()),
        function(small().readPosition(ReadPosition.lastToken()).build()),
        function(small().build(), AdamW.defaults(), Dropout.composition(), 0.1));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void gradientIsTheSlopeOfTheLoss(TrainedFunction function) {
    RecurrentDepthTransformer model = function.model();
    Parameters parameters = Parameters.initialize(model, Seed.of(5));
    float[] flat = FlatParameters.flatten(model, parameters);
    PackedBatch batch = PackedBatch.of(model, QUERIES);
    try (TrainingGraph graph = new TrainingGraph(function, Session::new, parameters)) {
      float[] gradient = graph.gradient(batch, ANSWERS, 3, Seed.of(9));
      int offset = 0;
      for (Map.Entry<String, Shape> parameter : model.parameterShapes().entrySet()) {
        int size = parameter.getValue().size();
        UniformRandomProvider random = RandomStream.of(Seed.of(11).child(parameter.getKey()));
        float[] ahead = flat.clone();
        float[] behind = flat.clone();
        double slope = 0;
        double length = 0;
        for (int i = offset; i < offset + size; i++) {
          double direction = 0.01 * (random.nextDouble() - 0.5);
          ahead[i] += (float) direction;
          behind[i] -= (float) direction;
          slope += direction * gradient[i];
          length += direction * direction;
        }
        graph.setParameters(ahead);
        double above = graph.loss(batch, ANSWERS, 3, Seed.of(9));
        graph.setParameters(behind);
        double below = graph.loss(batch, ANSWERS, 3, Seed.of(9));
        assertThat(slope / Math.sqrt(length))
            .as(parameter.getKey())
            .isCloseTo((above - below) / 2 / Math.sqrt(length), within(5e-4));
        offset += size;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void rowsThatBeginAlikeShareTokensWithoutAnyOtherResult(TrainedFunction given) {
    TrainedFunction function = function(given.model());
    List<int[]> queries =
        ImmutableList.of(
            new int[] {1, 7, 8},
            new int[] {1, 7},
            new int[] {1, 7, 8},
            new int[] {2, 7, 8},
            new int[] {1, 8, 8},
            new int[] {1, 7, 8, 9});
    Targets answers = Targets.of(4, 2, 5, 1, 3, 2);
    PackedBatch apart = PackedBatch.of(function.model(), queries);
    PackedBatch sharing = PackedBatch.sharing(function.model(), queries);
    assertThat(sharing.ids().length).isLessThan(apart.ids().length);

    try (TrainingGraph graph =
        new TrainingGraph(
            function, Session::new, Parameters.initialize(function.model(), Seed.of(5)))) {
      Trajectory together = graph.trajectory(sharing, 8);
      Trajectory alone = graph.trajectory(apart, 8);
      for (int row = 0; row < together.rows(); row++) {
        assertThat(together.logits(1, row)).containsExactly(alone.logits(1, row), within(1e-5f));
      }
      assertThat(graph.gradient(sharing, answers, 3, Seed.of(9)))
          .containsExactly(graph.gradient(apart, answers, 3, Seed.of(9)), within(1e-5f));
    }
  }

  @Test
  void rowsLearnTheMeanOfTheirAnswers() {
    TrainedFunction one = function(small().build(), AdamW.defaults(), Dropout.none(), 0.1);
    Parameters parameters = Parameters.initialize(one.model(), Seed.of(5));
    PackedBatch batch = PackedBatch.of(one.model(), QUERIES);
    Targets several =
        Targets.of(
            Stream.of(new int[] {4, 6}, new int[] {2, 6}, new int[] {5, 3}, new int[] {1, 2})
                .map(ImmutableIntArray::copyOf)
                .toList());
    try (TrainingGraph drawn = new TrainingGraph(one, Session::new, parameters);
        TrainingGraph all = new TrainingGraph(learningAll(one), Session::new, parameters)) {
      float[] first = drawn.gradient(batch, ANSWERS, 3, Seed.of(9));
      float[] second = drawn.gradient(batch, Targets.of(6, 6, 3, 2), 3, Seed.of(9));
      float[] mean = new float[first.length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (first[i] + second[i]) / 2;
      }

      assertThat(all.gradient(batch, several, 3, Seed.of(9))).containsExactly(mean, within(1e-6f));
      assertThat(all.gradient(batch, ANSWERS, 3, Seed.of(9))).containsExactly(first, within(1e-6f));
      assertThat((double) all.loss(batch, several, 3, Seed.of(9)))
          .isCloseTo(
              (drawn.loss(batch, ANSWERS, 3, Seed.of(9))
                      + drawn.loss(batch, Targets.of(6, 6, 3, 2), 3, Seed.of(9)))
                  / 2,
              within(1e-5));
    }
  }

  private static TrainedFunction learningAll(TrainedFunction function) {
    return new TrainedFunction(
        function.model(),
        function.precision(),
        function.optimizer(),
        function.dropout(),
        function.labelSmoothing(),
        true,
        function.recurrences(),
        function.readsEveryIteration());
  }

  @Test
  void updatesAreThoseOfAdamW() {
    AdamW optimizer =
        AdamW.builder()
            .learningRate(0.01)
            .weightDecay(0.3)
            .beta1(0.8)
            .beta2(0.95)
            .epsilon(1e-3)
            .warmupSteps(0)
            .build();
    TrainedFunction function = function(small().build(), optimizer, Dropout.none(), 0);
    Parameters parameters = Parameters.initialize(function.model(), Seed.of(5));
    PackedBatch batch = PackedBatch.of(function.model(), QUERIES);
    float[] initial = FlatParameters.flatten(function.model(), parameters);
    double[] expected = new double[initial.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = initial[i];
    }
    double[] mean = new double[expected.length];
    double[] square = new double[expected.length];
    try (TrainingGraph graph = new TrainingGraph(function, Session::new, parameters)) {
      for (int step = 1; step <= 5; step++) {
        float[] gradient = graph.gradient(batch, ANSWERS, 2, Seed.of(9));
        graph.step(batch, ANSWERS, 2, 0.01, step, Seed.of(9));
        for (int i = 0; i < expected.length; i++) {
          mean[i] = 0.8 * mean[i] + 0.2 * gradient[i];
          square[i] = 0.95 * square[i] + 0.05 * gradient[i] * gradient[i];
          double root = Math.sqrt(square[i] / (1 - Math.pow(0.95, step)));
          expected[i] *= 1 - 0.01 * 0.3;
          expected[i] -= 0.01 * mean[i] / (1 - Math.pow(0.8, step)) / (root + 1e-3);
        }
      }
      float[] found = FlatParameters.flatten(function.model(), graph.parameters());
      for (int i = 0; i < found.length; i++) {
        assertThat((double) found[i]).isCloseTo(expected[i], within(1e-5));
      }
    }
  }

  private static TrainedFunction function(RecurrentDepthTransformer model) {
    return function(model, AdamW.defaults(), Dropout.none(), 0);
  }

  private static TrainedFunction function(
      RecurrentDepthTransformer model, AdamW optimizer, Dropout dropout, double labelSmoothing) {
    return new TrainedFunction(
        model,
        Precision.FP32,
        optimizer,
        dropout,
        labelSmoothing,
        false,
        ImmutableSet.of(model.recurrence()),
        false);
  }

  private static RecurrentDepthTransformer.Builder small() {
    return RecurrentDepthTransformer.builder()
        .vocabularySize(11)
        .width(12)
        .layers(2)
        .heads(3)
        .initialization(
            Initialization.builder()
                .embeddingStandardDeviation(1)
                .linearStandardDeviation(0.3)
                .projectionScale(1)
                .build());
  }
}
