package io.github.recurrent.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.ActivationPatching;
import io.github.recurrent.evaluation.LogitLens;
import io.github.recurrent.evaluation.ShortcutStudy;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.fixtures.HopCircuit;
import io.github.recurrent.reasoning.ReferenceReasoner;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

final class InsideFiguresTest {
  private static final HopCircuit CIRCUIT = HopCircuit.of(1, 2);
  private static final ReferenceReasoner MODEL = ReferenceReasoner.of(CIRCUIT.checkpoint());
  private static final Split TEST =
      Split.of(
          ImmutableMap.of(
              "two",
              MultiHopDataset.from(CIRCUIT.graph())
                  .hops(2, 2)
                  .trainPerHop(9)
                  .testPerHop(6)
                  .build()
                  .test(2)));

  @Test
  void theLensHasACurveForEachModelAndPosition() {
    LogitLens lens = LogitLens.of(MODEL, CIRCUIT.graph(), TEST).run();
    SideBySide<LogitLens> models = SideBySide.of(ImmutableMap.of("ID", lens, "OOD", lens));

    XYChart chart = (XYChart) PaperFigures.logitLens(models, "two").chart(900, 600);

    assertThat(chart.getSeriesCollection())
        .extracting(XYSeries::getName)
        .containsExactly(
            "ID: entity 1 at r1", "ID: answer at r2", "OOD: entity 1 at r1", "OOD: answer at r2");
    assertThat(chart.getSeries("ID: answer at r2").getYData()).containsExactly(0, 0, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PaperFigures.logitLens(models, "three"))
        .withMessageContaining("three");
  }

  @Test
  void patchingIsDrawnOverPositionsAndEffectiveLayers(@TempDir Path folder) throws IOException {
    ActivationPatching patching = ActivationPatching.of(MODEL, CIRCUIT.graph(), TEST).run();
    Path picture = folder.resolve("patching.png");

    PaperFigures.activationPatching(patching, "two").write(picture);

    assertThat(picture).isNotEmptyFile();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PaperFigures.activationPatching(patching, "three"))
        .withMessageContaining("three");
  }

  @Test
  void theShortCutIsDrawnBesideThatOfTheGraph() {
    ShortcutStudy study = ShortcutStudy.of(MODEL, CIRCUIT.graph(), TEST).run();

    XYChart chart =
        (XYChart)
            PaperFigures.shortcut(SideBySide.of(ImmutableMap.of("circuit", study)), "two")
                .chart(900, 600);

    assertThat(chart.getSeriesCollection())
        .extracting(XYSeries::getName)
        .containsExactly("circuit", "circuit: graph");
    assertThat(chart.getSeries("circuit").getXData()).containsExactly(0, 1, 2);
  }
}
