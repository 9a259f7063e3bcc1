package io.github.recurrent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.random.Seed;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ParametersTest {
  private static final RecurrentDepthTransformer MODEL =
      RecurrentDepthTransformer.builder()
          .vocabularySize(50)
          .width(64)
          .layers(2)
          .heads(4)
          .positions(PositionEncoding.LEARNED)
          .maxPositions(100)
          .initialization(
              Initialization.builder()
                  .embeddingStandardDeviation(1.5)
                  .linearStandardDeviation(0.02)
                  .projectionScale(0.5)
                  .build())
          .build();

  @Test
  void deviationsAreThoseOfTheInitialization() {
    Parameters parameters = Parameters.initialize(MODEL, Seed.of(1));

    assertNormal(parameters, "token_embedding.weight", 1.5);
    assertNormal(parameters, "position_embedding.weight", 1.5);
    assertNormal(parameters, "blocks.1.attn.c_attn.weight", 0.02);
    assertNormal(parameters, "blocks.1.mlp.c_fc.weight", 0.02);
    assertNormal(parameters, "blocks.0.attn.c_proj.weight", 0.01);
    assertNormal(parameters, "blocks.0.mlp.c_proj.weight", 0.01);
  }

  /**
   * Mean, standard deviation and the share within one standard deviation, each to four standard
   * errors.
   */
  private static void assertNormal(Parameters parameters, String name, double deviation) {
    FloatBuffer values = parameters.values(name);
    int count = values.remaining();
    double sum = 0;
    double squares = 0;
    int within = 0;
    while (values.hasRemaining()) {
      double value = values.get();
      sum += value;
      squares += value * value;
      within += Math.abs(value) < deviation ? 1 : 0;
    }
    double error = 4 / Math.sqrt(count);
    assertThat(sum / count).as(name).isCloseTo(0, within(deviation * error));
    assertThat(Math.sqrt(squares / count)).as(name).isCloseTo(deviation, within(deviation * error));
    assertThat((double) within / count).as(name).isCloseTo(0.6827, within(error));
  }

  @Test
  void biasesAreZeroAndLayerNormsOne() {
    Parameters parameters = Parameters.initialize(MODEL, Seed.of(1));

    parameters
        .shapes()
        .forEach(
            (name, shape) -> {
              if (shape.rank() == 1) {
                float[] values = new float[shape.size()];
                parameters.values(name).get(values);
                assertThat(values).as(name).containsOnly(name.endsWith(".bias") ? 0 : 1);
              }
            });
  }

  @Test
  void zeroedProjectionsMakeALoopTheIdentity() {
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .from(MODEL)
            .initialization(Initialization.zeroProjections())
            .build();
    Parameters parameters = Parameters.initialize(model, Seed.of(1));

    for (String name : parameters.shapes().keySet()) {
      if (name.endsWith("c_proj.weight")) {
        float[] values = new float[parameters.values(name).remaining()];
        parameters.values(name).get(values);
        assertThat(values).as(name).containsOnly(0);
      }
    }
  }

  @Test
  void equalSeedsGiveEqualParameters() {
    assertThat(Parameters.initialize(MODEL, Seed.of(3)))
        .isEqualTo(Parameters.initialize(MODEL, Seed.of(3)))
        .hasSameHashCodeAs(Parameters.initialize(MODEL, Seed.of(3)))
        .isNotEqualTo(Parameters.initialize(MODEL, Seed.of(4)));
  }

  @Test
  void everyParameterIsDrawnFromAStreamOfItsOwn() {
    RecurrentDepthTransformer shallow =
        RecurrentDepthTransformer.builder().from(MODEL).layers(1).build();
    String name = "blocks.0.attn.c_attn.weight";

    assertThat(Parameters.initialize(shallow, Seed.of(3)).values(name))
        .isEqualTo(Parameters.initialize(MODEL, Seed.of(3)).values(name));
    assertThat(Parameters.initialize(MODEL, Seed.of(3)).values("blocks.1.attn.c_attn.weight"))
        .isNotEqualTo(Parameters.initialize(MODEL, Seed.of(3)).values(name));
  }

  @Test
  void givenValuesAreCopied() {
    Map<String, float[]> values = zeros();
    float[] bias = new float[64];
    values.put("ln_f.bias", bias);
    Parameters parameters = Parameters.of(MODEL, values);
    bias[0] = 7;

    assertThat(parameters.values("ln_f.bias").get(0)).isZero();
    assertThatExceptionOfType(ReadOnlyBufferException.class)
        .isThrownBy(() -> parameters.values("ln_f.bias").put(0, 1));
  }

  @Test
  void missingUnknownAndMisshapenValuesAreNamed() {
    Map<String, float[]> missing = zeros();
    missing.remove("ln_f.bias");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Parameters.of(MODEL, missing))
        .withMessageContaining("missing parameters: [ln_f.bias]");

    Map<String, float[]> unknown = zeros();
    unknown.put("ln_g.bias", new float[64]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Parameters.of(MODEL, unknown))
        .withMessageContaining("no parameters [ln_g.bias]");

    Map<String, float[]> misshapen = zeros();
    misshapen.put("ln_f.bias", new float[63]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Parameters.of(MODEL, misshapen))
        .withMessageContaining("ln_f.bias has 63 values, but its shape is [64]");
  }

  @Test
  void anUnknownNameIsAnsweredWithTheKnown() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Parameters.initialize(MODEL, Seed.of(1)).values("lm_head.weight"))
        .withMessageContaining("lm_head.weight")
        .withMessageContaining("token_embedding.weight");
  }

  private static Map<String, float[]> zeros() {
    Map<String, float[]> values = new HashMap<>();
    MODEL.parameterShapes().forEach((name, shape) -> values.put(name, new float[shape.size()]));
    return values;
  }
}
