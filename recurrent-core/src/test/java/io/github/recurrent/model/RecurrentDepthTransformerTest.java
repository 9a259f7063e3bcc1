package io.github.recurrent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.model.Parameters.Shape;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RecurrentDepthTransformerTest {
  @Test
  void aReadColumnThatNoMemoryHoldsIsRefused() {
    RecurrentDepthTransformer.Builder model =
        RecurrentDepthTransformer.builder().vocabularySize(9).width(8).heads(2);

    assertThat(model.readPosition(ReadPosition.column(49)).build().paddedLength(3)).isEqualTo(50);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.readPosition(ReadPosition.column(999_999_999)).build())
        .withMessageContaining("\"column 999999999\"")
        .withMessageContaining("2 heads");
  }

  @Test
  void defaultsAreThePapersForDepthExtrapolation() {
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder().vocabularySize(217).build();

    assertThat(model.width()).isEqualTo(768);
    assertThat(model.layers()).isEqualTo(4);
    assertThat(model.heads()).isEqualTo(12);
    assertThat(model.headWidth()).isEqualTo(64);
    assertThat(model.mlpWidth()).isEqualTo(3072);
    assertThat(model.positions()).isEqualTo(PositionEncoding.NONE);
    assertThat(model.readPosition()).isEqualTo(ReadPosition.firstPad());
    assertThat(model.recurrence()).isEqualTo(Recurrence.poisson(4).between(2, 8));
    assertThat(model.inputInjection()).isFalse();
    assertThat(model.initialization()).isEqualTo(Initialization.zeroProjections());
    assertThat(model.effectiveDepth(8)).isEqualTo(32);
  }

  @Test
  void parametersOfTheExtrapolationModelAreThoseOfThePaper() {
    assertThat(RecurrentDepthTransformer.builder().vocabularySize(217).build().parameterCount())
        .isEqualTo(28_519_680)
        .satisfies(count -> assertThat(count / 1e6).isCloseTo(28.5, within(0.05)));
  }

  @Test
  void parametersOfTheCompositionModelAreThoseOfThePaper() {
    assertThat(
            RecurrentDepthTransformer.builder()
                    .vocabularySize(2207)
                    .positions(PositionEncoding.LEARNED)
                    .build()
                    .parameterCount()
                / 1e6)
        .isCloseTo(30.0, within(0.06));
  }

  @Test
  void parametersHaveThePublishedNamesAndShapes() {
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .vocabularySize(9)
            .width(6)
            .layers(1)
            .heads(2)
            .positions(PositionEncoding.LEARNED)
            .build();

    assertThat(model.parameterShapes())
        .containsOnlyKeys(
            "token_embedding.weight",
            "position_embedding.weight",
            "blocks.0.ln_1.weight",
            "blocks.0.ln_1.bias",
            "blocks.0.attn.c_attn.weight",
            "blocks.0.attn.c_attn.bias",
            "blocks.0.attn.c_proj.weight",
            "blocks.0.attn.c_proj.bias",
            "blocks.0.ln_2.weight",
            "blocks.0.ln_2.bias",
            "blocks.0.mlp.c_fc.weight",
            "blocks.0.mlp.c_fc.bias",
            "blocks.0.mlp.c_proj.weight",
            "blocks.0.mlp.c_proj.bias",
            "ln_f.weight",
            "ln_f.bias")
        .containsEntry("token_embedding.weight", Shape.of(9, 6))
        .containsEntry("position_embedding.weight", Shape.of(5, 6))
        .containsEntry("blocks.0.attn.c_attn.weight", Shape.of(6, 18))
        .containsEntry("blocks.0.mlp.c_proj.weight", Shape.of(24, 6))
        .containsEntry("ln_f.bias", Shape.of(6));
  }

  @Test
  void onlyLearnedPositionsAreParameters() {
    assertThat(
            RecurrentDepthTransformer.builder()
                .vocabularySize(9)
                .positions(PositionEncoding.SINUSOIDAL)
                .build()
                .parameterShapes())
        .doesNotContainKey("position_embedding.weight");
  }

  @Test
  void modelsWithPositionsReadColumnTwo() {
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .vocabularySize(9)
            .positions(PositionEncoding.LEARNED)
            .build();

    assertThat(model.readPosition()).isEqualTo(ReadPosition.column(2));
    assertThat(model.paddedLength(2)).isEqualTo(3);
    assertThat(model.paddedLength(3)).isEqualTo(3);
  }

  @Test
  void rowsMustFitThePositions() {
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .vocabularySize(9)
            .positions(PositionEncoding.LEARNED)
            .readPosition(ReadPosition.firstPad())
            .build();

    assertThat(model.paddedLength(4)).isEqualTo(5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.paddedLength(5))
        .withMessageContaining("5 tokens needs 6 positions, but the model has 5");
  }

  @ParameterizedTest
  @MethodSource
  void badValuesAreNamed(UnaryOperator<RecurrentDepthTransformer.Builder> change, String message) {
    RecurrentDepthTransformer.Builder builder =
        change.apply(RecurrentDepthTransformer.builder().vocabularySize(217));

    assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining(message);
  }

  static Stream<Arguments> badValuesAreNamed() {
    return Stream.of(
        bad(model -> model.vocabularySize(1), "vocabularySize must be at least 2, but is 1"),
        bad(model -> model.width(0), "width must be at least 1, but is 0"),
        bad(model -> model.layers(0), "layers must be at least 1, but is 0"),
        bad(model -> model.heads(-1), "heads must be at least 1, but is -1"),
        bad(model -> model.heads(7), "width 768 is not a multiple of the 7 heads"),
        bad(model -> model.maxPositions(0), "maxPositions must be at least 1, but is 0"),
        bad(
            model -> model.positions(PositionEncoding.SINUSOIDAL).width(9).heads(3),
            "even width, but it is 9"));
  }

  private static Arguments bad(
      UnaryOperator<RecurrentDepthTransformer.Builder> change, String message) {
    return Arguments.of(change, message);
  }
}
