package io.github.recurrent.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.evaluation.Bands;
import io.github.recurrent.evaluation.CurriculumSteps;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.GeneralizationRatio;
import io.github.recurrent.evaluation.HaltingStudy;
import io.github.recurrent.evaluation.LearningRecord;
import io.github.recurrent.evaluation.LogitMargins;
import io.github.recurrent.evaluation.MatchedDepth;
import io.github.recurrent.evaluation.Report;
import io.github.recurrent.evaluation.SideBySide;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

class ChartTest {
  private static final int DARKEST = 0xff440154;
  private static final int LIGHTEST = 0xfffde725;
  private static final String RULE = "KL < 0.01";

  @TempDir Path folder;

  static Stream<Arguments> drawings() {
    SideBySide<DepthSweep> sweeps = SideBySide.of(ImmutableMap.of("a", sweep(), "b", sweep()));
    SideBySide<LearningRecord> trainings =
        SideBySide.of(ImmutableMap.of("a", learning(0.4), "b", learning(0.6)));
    return Stream.of(
        drawing("depth", depthHeatMap(), 11 * 33, 900, 600),
        drawing("heat map", heatMap(), 4, 900, 600),
        drawing("learning curves", curves(), 4, 900, 600),
        drawing("sweeps", PaperFigures.sweeps(sweeps), 2 * 11 * 32, 1280, 520),
        drawing("learning", PaperFigures.learning(trainings, "ood"), 2, 900, 600),
        drawing("learning by time", PaperFigures.learningByTime(trainings, "ood"), 2, 900, 600),
        drawing(
            "bands",
            PaperFigures.learning(Bands.of(trainings.reports().values()), "ood"),
            2,
            900,
            600),
        drawing(
            "curriculum",
            PaperFigures.curriculum(SideBySide.of(ImmutableMap.of("dynamic", curriculum()))),
            1,
            900,
            600),
        drawing("margins", PaperFigures.margins(margins(), 2, 5), 2, 900, 600),
        drawing(
            "margins of seeds",
            PaperFigures.margins(Bands.of(ImmutableList.of(margins(), margins())), 2, 5),
            2,
            900,
            600),
        drawing("halting", PaperFigures.halting(halting()), 4, 900, 840),
        drawing(
            "matched",
            PaperFigures.matchedDepth(
                MatchedDepth.compare().model("a", sweep(), 5).model("b", sweep(), 5).run()),
            3,
            900,
            600),
        drawing(
            "ratios",
            PaperFigures.ratios(
                ImmutableMap.of("L = 4", ImmutableList.of(GeneralizationRatio.of(sweep(), 5)))),
            1,
            900,
            600));
  }

  private static Arguments drawing(
      String name, Drawing drawing, int shapes, int width, int height) {
    return arguments(named(name, drawing), shapes, width, height);
  }

  @ParameterizedTest
  @MethodSource("drawings")
  void aPngHasTwoPixelsAPointAndColors(Drawing drawing, int unused, int width, int height)
      throws IOException {
    BufferedImage image = image(drawing);

    assertThat(image.getWidth()).isEqualTo(2 * width);
    assertThat(image.getHeight()).isEqualTo(2 * height);
    assertThat(colors(image)).hasSizeGreaterThan(10);
  }

  @ParameterizedTest
  @MethodSource("drawings")
  void anSvgIsXmlOfShapes(Drawing drawing, int shapes, int width, int height) throws Exception {
    Path svg = folder.resolve("picture.svg");
    drawing.write(svg);

    DocumentBuilderFactory xml = DocumentBuilderFactory.newInstance();
    xml.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    Element root = xml.newDocumentBuilder().parse(svg.toFile()).getDocumentElement();
    assertThat(root.getTagName()).isEqualTo("svg");
    assertThat(
            root.getElementsByTagName("path").getLength()
                + root.getElementsByTagName("rect").getLength()
                + root.getElementsByTagName("line").getLength())
        .isGreaterThan(shapes);
  }

  @ParameterizedTest
  @MethodSource("drawings")
  void aPictureIsTheSameInEveryLocale(Drawing drawing, int shapes, int width, int height)
      throws IOException {
    Locale before = Locale.getDefault();
    Path svg = folder.resolve("picture.svg");
    try {
      Locale.setDefault(Locale.US);
      drawing.write(svg);
      String expected = Files.readString(svg);
      for (String locale : List.of("ar-EG", "de-DE", "hi-IN-u-nu-deva", "tr-TR")) {
        Locale.setDefault(Locale.forLanguageTag(locale));
        drawing.write(svg);

        assertThat(Files.readString(svg)).as(locale).isEqualTo(expected);
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aHeatMapHasTheColorsOfItsValues() throws IOException {
    HeatMap map =
        HeatMap.titled("two by two")
            .rows("layer", List.of("1", "2"))
            .columns("position", List.of("r1", "r2"))
            .values("share", new double[][] {{0, 1}, {1, 0}});

    BufferedImage image = image(map);

    // Below on the left is row 1, column r1.
    int[] cells = {pixel(image, 0.3, 0.75), pixel(image, 0.6, 0.75), pixel(image, 0.3, 0.25)};
    assertThat(cells).containsExactly(DARKEST, LIGHTEST, LIGHTEST);
    assertThat(pixel(image(map.range(0, 2)), 0.6, 0.75)).isNotEqualTo(LIGHTEST);
    assertThat(
            pixel(image(map.values("share", new double[][] {{Double.NaN, 1}, {1, 0}})), 0.25, 0.75))
        .as("an empty cell")
        .isEqualTo(0xffeeeeee);
  }

  /** Returns a color, by the shares of width from the left and of height from the top. */
  private static int pixel(BufferedImage image, double x, double y) {
    return image.getRGB((int) (x * image.getWidth()), (int) (y * image.getHeight()));
  }

  @Test
  void whatRoundsToZeroHasNoSign() throws IOException {
    Path below = folder.resolve("below.png");
    Path zero = folder.resolve("zero.png");
    for (var drawn : Map.of(below, -1e-9, zero, 0.0).entrySet()) {
      HeatMap.titled("one")
          .rows("row", List.of("a"))
          .columns("column", List.of("b"))
          .values("share", new double[][] {{drawn.getValue()}})
          .range(-1, 1)
          .write(drawn.getKey());
    }
    assertThat(below).hasSameBinaryContentAs(zero);
  }

  @Test
  void trainedHopsIterationsAndHaltingAreSeen() throws IOException {
    DepthHeatMap plain = DepthHeatMap.of(sweep());
    int white = count(image(plain), Color.WHITE);

    assertThat(count(image(plain.trainedHops(5)), Color.WHITE)).isNotEqualTo(white);
    assertThat(count(image(plain.trainedIterations(8)), Color.WHITE)).isNotEqualTo(white);
    assertThat(count(image(plain.adaptive(halting(), RULE)), Color.WHITE)).isNotEqualTo(white);
    assertThat(count(image(plain.trainedHops(1)), Color.WHITE))
        .as("no row is below the line")
        .isEqualTo(white);
  }

  @Test
  void theScaleGoesFromDarkToLightInGrayToo() {
    double before = -1;
    for (int index = 0; index <= 20; index++) {
      Color color = Viridis.color(index / 20.0);
      double gray = 0.299 * color.getRed() + 0.587 * color.getGreen() + 0.114 * color.getBlue();
      assertThat(gray).isGreaterThan(before);
      before = gray;
    }
    assertThat(Viridis.color(-1)).isEqualTo(Viridis.color(0));
    assertThat(Viridis.color(2)).isEqualTo(Viridis.color(1));
  }

  @Test
  void anotherSuffixIsRefusedAndNothingLeftBehind() throws IOException {
    assertThatThrownBy(() -> curves().write(folder.resolve("curves.bmp")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(".png or a .svg")
        .hasMessageContaining("curves.bmp");

    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void nothingToDrawIsRefused() {
    DepthSweep empty = new DepthSweep(sweep().setup(), 1, 32, ImmutableList.of());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> DepthHeatMap.of(empty))
        .withMessageContaining("no facts");
    for (Drawing drawing :
        ImmutableList.of(
            Curves.learning("none"),
            Curves.titled("none"),
            HeatMap.titled("none"),
            Panels.of("none", ImmutableList.of()))) {
      assertThatThrownBy(() -> drawing.write(folder.resolve("none.png")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("nothing to draw");
    }
  }

  @Test
  void valuesThatDoNotFitAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Curves.learning("bad")
                    .curve("OOD", new double[] {1, 2}, new double[] {0.5, Double.NaN}))
        .withMessageContaining("OOD");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> curves().curve("OOD", new double[] {1}, new double[] {1}))
        .withMessageContaining("\"OOD\" already");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Curves.titled("bad")
                    .band("mean", new double[] {1}, new double[] {1}, new double[] {}))
        .withMessageContaining("deviations");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DepthHeatMap.of(sweep()).iterations(1, 33))
        .withMessageContaining("1 to 32");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DepthHeatMap.of(sweep()).adaptive(halting()))
        .withMessageContaining("one halting rule");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PaperFigures.margins(margins(), 3))
        .withMessageContaining("3 hops")
        .withMessageContaining("[2, 5]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> heatMap().range(1, 1))
        .withMessageContaining("from 1.0 to 1.0");
    assertThatThrownBy(
            () ->
                heatMap().values("share", new double[][] {{0, 1}}).write(folder.resolve("bad.png")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("1 rows of values, but 2 labels");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Panels.of("", ImmutableList.of(curves())).size(10, 10))
        .withMessageContaining("10 × 10");
  }

  private BufferedImage image(Drawing drawing) throws IOException {
    Path file = folder.resolve("picture.png");
    drawing.write(file);
    return ImageIO.read(file.toFile());
  }

  @Test
  void pointsAtOnePlaceDoNotCoverEachOther() throws IOException {
    double[] same = {2};
    Curves alone = Curves.titled("points").axes("hops", "ratio").xRange(1, 3).yRange(0, 1);
    Curves one = alone.points("a", same, new double[] {0.5});
    Curves both = one.points("b", same, new double[] {0.5});

    Color first = Picture.color(0);

    assertThat(count(image(both), first)).isCloseTo(count(image(one), first), withinPercentage(5));
  }

  private static Set<Integer> colors(BufferedImage image) {
    Set<Integer> colors = new HashSet<>();
    for (int x = 0; x < image.getWidth(); x += 3) {
      for (int y = 0; y < image.getHeight(); y += 3) {
        colors.add(image.getRGB(x, y));
      }
    }
    return colors;
  }

  private static int count(BufferedImage image, Color color) {
    int count = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        count += image.getRGB(x, y) == color.getRGB() ? 1 : 0;
      }
    }
    return count;
  }

  private static DepthHeatMap depthHeatMap() {
    return DepthHeatMap.of(sweep())
        .title("Accuracy of a model")
        .trainedHops(5)
        .trainedIterations(8)
        .adaptive(halting(), RULE);
  }

  private static HeatMap heatMap() {
    return HeatMap.titled("Decodable")
        .rows("effective layer", List.of("1", "2"))
        .columns("stage and position", List.of("before generalization: r1", "after: r2"))
        .values("share", new double[][] {{0, 1}, {0.5, Double.NaN}});
  }

  private static Curves curves() {
    double[] steps = IntStream.range(0, 60).mapToDouble(i -> 50.0 * i).toArray();
    return Curves.learning("Composition")
        .curve("train", steps, rising(steps, 400))
        .curve("ID", steps, rising(steps, 700))
        .curve("OOD", steps, rising(steps, 1800))
        .band("vanilla: OOD", steps, rising(steps, 90_000), new double[60]);
  }

  private static double[] rising(double[] steps, double middle) {
    return IntStream.range(0, steps.length)
        .mapToDouble(i -> 1 / (1 + Math.exp((middle - steps[i]) / 150)))
        .toArray();
  }

  /** A model that needs an iteration for every hop, and overthinks. */
  private static DepthSweep sweep() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("first_iteration", 1).put("last_iteration", 32);
    ArrayNode rows = json.putArray("rows");
    for (int hops = 2; hops <= 12; hops++) {
      ObjectNode row = rows.addObject();
      row.put("type", hops + "hop_test").put("hops", hops).put("facts", 750);
      ArrayNode accuracy = row.putArray("accuracy");
      for (int r = 1; r <= 32; r++) {
        double peak = 1 / (1 + Math.exp(hops - 10.0));
        accuracy.add(r < hops ? 0.06 : Math.max(0.06, peak - 0.01 * (r - hops)));
      }
    }
    return Report.ofJson(json.toString(), DepthSweep.class);
  }

  private static HaltingStudy halting() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putArray("rules").add(RULE).add("KL < 0.01 and entropy < 3");
    ArrayNode rows = json.putArray("rows");
    for (JsonRule rule :
        List.of(new JsonRule(RULE, 1), new JsonRule("KL < 0.01 and entropy < 3", 2))) {
      for (int hops = 2; hops <= 12; hops++) {
        rows.addObject()
            .put("rule", rule.words())
            .put("type", hops + "hop_test")
            .put("hops", hops)
            .put("facts", 750)
            .put("accuracy", 0.5)
            .put("mean_iterations", rule.factor() * hops + 0.5)
            .put("median_iterations", hops)
            .put("iterations_deviation", 0.5)
            .put("min_iterations", 2)
            .put("max_iterations", 32)
            .put("at_limit", 0.0);
      }
    }
    return Report.ofJson(json.toString(), HaltingStudy.class);
  }

  private record JsonRule(String words, int factor) {}

  private static LogitMargins margins() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("first_iteration", 1).put("last_iteration", 4);
    ArrayNode rows = json.putArray("rows");
    for (int hops : new int[] {2, 5}) {
      ObjectNode row = rows.addObject();
      row.put("type", hops + "hop_test").put("hops", hops).put("facts", 750);
      row.putArray("margin").add(-2).add(3.0 / hops).add(1).add(0.5);
      row.putArray("accuracy").add(0).add(1).add(0.5).add(0.5);
      row.put("first_hit", 1.7).put("hit_share", 0.9);
    }
    return Report.ofJson(json.toString(), LogitMargins.class);
  }

  private static LearningRecord learning(double ood) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode evaluations = json.putArray("evaluations");
    evaluations.addObject().put("step", 50).put("seconds", 2.5).putObject("accuracy").put("ood", 0);
    evaluations
        .addObject()
        .put("step", 100)
        .put("seconds", 5.5)
        .putObject("accuracy")
        .put("ood", ood);
    return Report.ofJson(json.toString(), LearningRecord.class);
  }

  private static CurriculumSteps curriculum() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode stages = json.putArray("stages");
    stages.addObject().put("hops", 2).put("steps", 200).put("stage_steps", 200).putNull("seconds");
    stages.addObject().put("hops", 3).put("steps", 300).put("stage_steps", 100).putNull("seconds");
    return Report.ofJson(json.toString(), CurriculumSteps.class);
  }
}
