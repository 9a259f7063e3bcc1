package io.github.recurrent.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.evaluation.Bands;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.HaltingStudy;
import io.github.recurrent.evaluation.LogitMargins;
import io.github.recurrent.evaluation.MatchedDepth;
import io.github.recurrent.evaluation.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures over hops show what a model was not trained on, whatever else a report is of. */
class HeldOutFiguresTest {
  private static final List<String> HELD_OUT = List.of("2hop_test", "3hop_test");
  private static final List<String> ALL =
      List.of("2hop_train", "atomic_facts", "2hop_test", "3hop_train", "3hop_test");

  @TempDir Path folder;

  private String svg(Drawing drawing) throws IOException {
    Path file = folder.resolve("picture.svg");
    drawing.write(file);
    return Files.readString(file);
  }

  private static ObjectNode row(ArrayNode rows, String type) {
    int hops = type.equals("atomic_facts") ? 1 : type.charAt(0) - '0';
    return rows.addObject().put("type", type).put("hops", hops).put("facts", 10);
  }

  private static double figure(String type) {
    return type.endsWith("test") ? 0.5 : 1;
  }

  private static ObjectNode ofTwoIterations() {
    return JsonNodeFactory.instance.objectNode().put("first_iteration", 1).put("last_iteration", 2);
  }

  private static MatchedDepth matched(List<String> types) {
    ObjectNode json = ofTwoIterations();
    ArrayNode rows = json.putArray("rows");
    types.forEach(type -> row(rows, type).putArray("accuracy").add(0.0).add(figure(type)));
    return MatchedDepth.compare()
        .model("a", Report.ofJson(json.toString(), DepthSweep.class), 2)
        .run();
  }

  private static LogitMargins margins(List<String> types) {
    ObjectNode json = ofTwoIterations();
    ArrayNode rows = json.putArray("rows");
    for (String type : types) {
      ObjectNode row = row(rows, type).put("first_hit", 1.5).put("hit_share", 1.0);
      row.putArray("margin").add(-1.0).add(figure(type));
      row.putArray("accuracy").add(0.0).add(figure(type));
    }
    return Report.ofJson(json.toString(), LogitMargins.class);
  }

  private static HaltingStudy halting(List<String> types) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putArray("rules").add("rule");
    ArrayNode rows = json.putArray("rows");
    for (String type : types) {
      row(rows, type)
          .put("rule", "rule")
          .put("accuracy", figure(type))
          .put("mean_iterations", 2 * figure(type))
          .put("median_iterations", 1)
          .put("iterations_deviation", 0.5)
          .put("min_iterations", 1)
          .put("max_iterations", 2)
          .put("at_limit", 0.0);
    }
    return Report.ofJson(json.toString(), HaltingStudy.class);
  }

  @Test
  void matchedDepthIsDrawnOfHeldOutFacts() throws IOException {
    assertThat(svg(PaperFigures.matchedDepth(matched(ALL))))
        .isEqualTo(svg(PaperFigures.matchedDepth(matched(HELD_OUT))));
  }

  @Test
  void marginsAreDrawnOfHeldOutFacts() throws IOException {
    assertThat(svg(PaperFigures.margins(margins(ALL), 2, 3)))
        .isEqualTo(svg(PaperFigures.margins(margins(HELD_OUT), 2, 3)));
    assertThat(svg(PaperFigures.margins(Bands.of(ImmutableList.of(margins(ALL))), 2, 3)))
        .isEqualTo(svg(PaperFigures.margins(Bands.of(ImmutableList.of(margins(HELD_OUT))), 2, 3)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PaperFigures.margins(margins(ALL), 1))
        .withMessageContaining("no held-out facts of 1 hops; there are those of [2, 3]");
  }

  @Test
  void haltingIsDrawnOfHeldOutFacts() throws IOException {
    assertThat(svg(PaperFigures.halting(halting(ALL))))
        .isEqualTo(svg(PaperFigures.halting(halting(HELD_OUT))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PaperFigures.halting(halting(List.of("2hop_train"))))
        .withMessageContaining("no held-out facts to draw, only [2hop_train]");
  }
}
