package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.evaluation.Generalization.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneralizationTest {
  private static DepthSweep.Row row(String type, int hops, int facts, double... accuracies) {
    return new DepthSweep.Row(type, hops, facts, 1, ImmutableDoubleArray.copyOf(accuracies));
  }

  private static DepthSweep sweep(DepthSweep.Row... rows) {
    return new DepthSweep(Reports.setup(2), 1, 2, ImmutableList.copyOf(rows));
  }

  @ParameterizedTest
  @CsvSource({
    "0.98, 0.99, GENERALIZES",
    "0.9, 1, GENERALIZES",
    "0.89, 1, GENERALIZES_IN_PART",
    "0.51, 1, GENERALIZES_IN_PART",
    "0.5, 1, MEMORIZES",
    "0, 1, MEMORIZES",
    "0.5, 0.5, NOT_LEARNED",
  })
  void heldOutFactsAreComparedWithTrainedOnes(double heldOut, double trained, Verdict verdict) {
    Generalization generalization =
        Generalization.of(
            sweep(row("2hop_train", 2, 10, trained, 0), row("2hop_test", 2, 10, 0, heldOut)));

    assertThat(generalization.rows()).hasSize(1);
    assertThat(generalization.row("2hop_test").verdict()).isEqualTo(verdict);
  }

  @Test
  void saysSoInAPlainSentence() {
    Generalization generalization =
        Generalization.of(
            sweep(
                row("2hop_train", 2, 10, 0.99, 0.5),
                row("2hop_test", 2, 10, 0.98, 0.5),
                row("3hop_test", 3, 10, 0.1, 0.12),
                row("3hop_train", 3, 10, 0.1, 1)));

    assertThat(generalization)
        .hasToString(
            "2hop_test, 2 hops: generalizes (0.98 of held-out facts, 0.99 of trained ones)\n"
                + "3hop_test, 3 hops: memorizes (0.12 of held-out facts, 1.00 of trained ones)");
  }

  @Test
  void trainedFactsOfSeveralTypesCountByTheirNumber() {
    Generalization generalization =
        Generalization.of(
            sweep(
                row("id_atomic", 1, 30, 1, 1),
                row("ood_atomic", 1, 10, 0, 0),
                row("asked", 1, 10, 0.7, 0.7),
                row("far", 7, 10, 0.7, 0.7)));

    assertThat(generalization.row("asked").trainedAccuracy()).isEqualTo(0.75);
    assertThat(generalization.row("far").verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(generalization.row("far"))
        .hasToString("far, 7 hops: no trained facts to compare with (0.70 of held-out facts)");
    assertThat(Report.ofJson(generalization.toJson(), Generalization.class))
        .isEqualTo(generalization);
    assertThat(generalization.table().keys()).contains("verdict");
  }

  @Test
  void aSweepWithoutHeldOutFactsTellsNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Generalization.of(sweep(row("2hop_train", 2, 10, 1, 1))))
        .withMessageContaining("2hop_train");
  }
}
