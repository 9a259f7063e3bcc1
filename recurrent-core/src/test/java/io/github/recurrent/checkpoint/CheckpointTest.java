package io.github.recurrent.checkpoint;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint.TrainingState;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class CheckpointTest {
  private static final RecurrentDepthTransformer DEEPER =
      RecurrentDepthTransformer.builder().from(CheckpointFixture.MODEL).layers(2).build();
  private static final Parameters OF_DEEPER = Parameters.initialize(DEEPER, Seed.of(1));

  @Test
  void vocabularyMustBeAsLargeAsTheModels() {
    Checkpoint.Builder builder =
        Checkpoint.builder()
            .from(CheckpointFixture.trained(1))
            .vocabulary(Vocabulary.ofTokens(ImmutableList.of("<e_0>", "<r_0>")));

    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContaining("3 tokens, but the model is for 7");
  }

  @Test
  void parametersMustBeTheModels() {
    Checkpoint.Builder builder =
        Checkpoint.builder().from(CheckpointFixture.trained(1)).parameters(OF_DEEPER);

    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContaining("the parameters have shapes");
  }

  @Test
  void momentsMustBeOfTheModelsParameters() {
    Checkpoint.Builder builder =
        Checkpoint.builder()
            .from(CheckpointFixture.trained(1))
            .trainingState(state().firstMoments(OF_DEEPER).secondMoments(OF_DEEPER).build());

    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContaining("the moments have shapes");
  }

  @ParameterizedTest
  @MethodSource
  void badCountersAreNamed(UnaryOperator<TrainingState.Builder> change, String message) {
    TrainingState.Builder builder = change.apply(state());

    assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining(message);
  }

  static Stream<Arguments> badCountersAreNamed() {
    return Stream.of(
        bad(state -> state.step(-1), "step must be at least 0, but is -1"),
        bad(state -> state.optimizerStep(-2), "optimizerStep must be at least 0, but is -2"),
        bad(state -> state.epoch(-3), "epoch must be at least 0, but is -3"),
        bad(state -> state.stage(0), "stage must be at least 1, but is 0"),
        bad(state -> state.firstMoments(OF_DEEPER), "must have the same shapes"));
  }

  private static Arguments bad(UnaryOperator<TrainingState.Builder> change, String message) {
    return Arguments.of(change, message);
  }

  private static TrainingState.Builder state() {
    return TrainingState.builder()
        .from(CheckpointFixture.inTraining(1).trainingState().orElseThrow());
  }
}
