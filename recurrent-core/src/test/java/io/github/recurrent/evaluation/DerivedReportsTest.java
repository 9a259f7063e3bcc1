package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.evaluation.Bands.Spread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports that are made of other reports. */
class DerivedReportsTest {
  private static final DepthSweep REACHES_3 = Reports.sweep(2, 0, 0.25, 0.7);
  private static final DepthSweep REACHES_2 = Reports.sweep(2, 0, 0.25, 0.5);

  @Test
  void theRatioIsTheReachOverTheLearnableDepth() {
    GeneralizationRatio ratio = GeneralizationRatio.of(REACHES_2, 4);

    assertThat(ratio.reach()).isEqualTo(2);
    assertThat(ratio.ratio()).isEqualTo(0.5);
    assertThat(ratio.isLowerBound()).isFalse();
    assertThat(GeneralizationRatio.of(REACHES_2, 4, 0.95).reach()).isZero();
    assertThat(GeneralizationRatio.of(REACHES_2, 1, 1).ratio()).isZero();
  }

  @Test
  void aModelThatAnswersAllThatIsTestedMayReachFurther() {
    GeneralizationRatio ratio = GeneralizationRatio.of(REACHES_3);

    assertThat(ratio.learnableDepth()).as("by the provenance").isEqualTo(2);
    assertThat(ratio.ratio()).isEqualTo(1.5);
    assertThat(ratio.isLowerBound()).isTrue();
  }

  @Test
  void aRatioNeedsALearnableDepth() {
    ObjectNode json = Reports.json(REACHES_3);
    json.putObject("provenance").put("seed", "1");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> GeneralizationRatio.of(Report.ofJson(json.toString(), DepthSweep.class)))
        .withMessageContaining("learnable recursion depth")
        .withMessageContaining("seed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GeneralizationRatio.of(REACHES_3, 0))
        .withMessageContaining("is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GeneralizationRatio.of(REACHES_3, 2, 1.5))
        .withMessageContaining("1.5");
  }

  @Test
  void modelsOfOneDepthAreComparedAtTheirBestAndAtGivenIterations() {
    MatchedDepth comparison =
        MatchedDepth.compare()
            .model("R = 4", REACHES_3)
            .model("R = 6", REACHES_2)
            .iterations(2)
            .run();

    assertThat(comparison.isMatched()).isTrue();
    assertThat(comparison.models().keySet()).containsExactly("R = 4", "R = 6");
    MatchedDepth.Row row = comparison.model("R = 4").rows().get(1);
    assertThat(row)
        .isEqualTo(new MatchedDepth.Row("3hop_test", 3, 0.7, 3, ImmutableMap.of(2, 0.25)));
    assertThat(comparison.model("R = 6").ratio().reach()).isEqualTo(2);
    assertThat(comparison.table().figures()).contains("accuracy_r2");
  }

  @Test
  void modelsOfDifferentDepthsAreComparedOnlyOnRequest() {
    MatchedDepth.Run run = MatchedDepth.compare().model("a", REACHES_3).model("b", REACHES_2, 3);

    assertThatIllegalArgumentException()
        .isThrownBy(run::run)
        .withMessageContaining("a=2")
        .withMessageContaining("b=3");
    assertThat(run.evenIfUnmatched().run().isMatched()).isFalse();
    assertThat(run.evenIfUnmatched().run().toJson()).contains("\"matched\" : false");
  }

  @Test
  void modelsAreComparedOnTheSameFactsAndIterations() {
    ObjectNode json = Reports.json(REACHES_2);
    json.withArray("rows").remove(1);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MatchedDepth.compare()
                    .model("a", REACHES_3)
                    .model("b", Report.ofJson(json.toString(), DepthSweep.class))
                    .run())
        .withMessageContaining("[2hop_test]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MatchedDepth.compare().model("a", REACHES_3).iterations(9).run())
        .withMessageContaining("1 to 3, not 9");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MatchedDepth.compare().run())
        .withMessageContaining("no models");
  }

  @Test
  void bandsHoldMeanAndDeviationOfEachFigure() {
    Bands bands =
        Bands.of(ImmutableList.of(REACHES_3, REACHES_2, Reports.sweep(2, 0, 0.25, 0.6)))
            .where("type", "3hop_test");

    assertThat(bands.numbers("iterations")).containsExactly(1, 2, 3);
    assertThat(bands.means("accuracy")).containsExactly(new double[] {0, 0.25, 0.6}, within(1e-12));
    assertThat(bands.standardDeviations("accuracy"))
        .containsExactly(new double[] {0, 0, 0.1}, within(1e-12));
    assertThat(bands.configurations()).hasSize(3);
  }

  @Test
  void bandsAreOverTheReportsThatHaveAFigure() {
    ObjectNode json = Reports.json(Reports.margins());
    ((ObjectNode) json.get("rows").get(1)).put("first_hit", 3.0).put("hit_share", 0.1);

    Bands bands =
        Bands.of(
            ImmutableList.of(
                Reports.margins(), Report.ofJson(json.toString(), LogitMargins.class)));

    Bands deep = bands.where("hops", 3);
    assertThat(deep.means("first_hit")).containsExactly(3, 3, 3);
    assertThat(deep.rows().get(0).spreads().get(bands.figures().indexOf("first_hit")))
        .hasValue(new Spread(1, 3, 0, 3, 3));
    assertThat(Bands.of(ImmutableList.of(Reports.margins())).where("hops", 3).means("first_hit"))
        .containsOnly(Double.NaN);
  }

  @Test
  void reportsOfDifferentShapesHaveNoBands() {
    ObjectNode json = Reports.json(REACHES_2);
    json.withArray("rows").remove(1);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Bands.of(
                    ImmutableList.of(REACHES_3, Report.ofJson(json.toString(), DepthSweep.class))))
        .withMessageContaining("row 4 of report 2 is none")
        .withMessageContaining("3hop_test");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bands.of(ImmutableList.of(REACHES_3, Reports.margins())))
        .withMessageContaining("margin");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bands.of(ImmutableList.<Report>of()))
        .withMessageContaining("no reports");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bands.of(ImmutableList.of(REACHES_3)).means("loss"))
        .withMessageContaining("\"loss\"")
        .withMessageContaining("accuracy");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bands.of(ImmutableList.of(REACHES_3)).numbers("type"))
        .withMessageContaining("2hop_test");
  }

  @Test
  void overthinkingIsTheFallAfterThePeak() {
    LogitMargins.Overthinking overthinking = Reports.margins().row("2hop_test").overthinking();

    assertThat(overthinking).isEqualTo(new LogitMargins.Overthinking(2, 4, 1, 2, 0.5));
    assertThat(Reports.margins().row("3hop_test").overthinking())
        .as("a margin that still rises")
        .isEqualTo(new LogitMargins.Overthinking(3, -0.5, 0, 1, 0));
  }

  private static DepthSweep memorized(String... types) {
    ImmutableList.Builder<DepthSweep.Row> rows = ImmutableList.builder();
    rows.add(new DepthSweep.Row("2hop_test", 2, 10, 1, ImmutableDoubleArray.of(0.9)))
        .add(new DepthSweep.Row("8hop_test", 8, 10, 1, ImmutableDoubleArray.of(0.05)));
    for (String type : types) {
      rows.add(new DepthSweep.Row(type, 9, 10, 1, ImmutableDoubleArray.of(1)));
    }
    return new DepthSweep(Reports.setup(2), 1, 1, rows.build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9hop_train",
        "atomic",
        "atomic_facts",
        "id_atomic",
        "ood_atomic",
        "train_inferred"
      })
  void whatWasTrainedOnIsNoReach(String type) {
    DepthSweep sweep = memorized(type);

    assertThat(sweep.reach(0.6)).isEqualTo(2);
    assertThat(sweep.reach(0.9)).as("exactly as accurate").isEqualTo(2);
    assertThat(GeneralizationRatio.of(sweep).ratio()).isEqualTo(1);
    assertThat(GeneralizationRatio.of(sweep).testedHops()).isEqualTo(8);
    assertThat(MatchedDepth.compare().model("a", sweep).run().model("a").ratio().reach())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"9hop_test", "test_inferred_ood", "test_inferred_iid", "questions of a user"})
  void whatIsHeldOutIsReach(String type) {
    assertThat(memorized(type).reach(0.6)).isEqualTo(9);
    assertThat(GeneralizationRatio.of(memorized(type)).isLowerBound()).isTrue();
  }

  @Test
  void aRatioNeedsHeldOutFacts() {
    DepthSweep sweep =
        new DepthSweep(
            Reports.setup(2), 1, 1, ImmutableList.of(memorized("9hop_train").row("9hop_train")));

    assertThat(sweep.reach(0.6)).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GeneralizationRatio.of(sweep, 2))
        .withMessageContaining("no held-out facts")
        .withMessageContaining("9hop_train");
  }
}
