package io.github.recurrent.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.recurrent.evaluation.DepthSweep;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class ChartTest {
  @TempDir Path folder;

  @Test
  void aHeatMapIsAPictureOfManyColours() throws IOException {
    Path file = folder.resolve("map.png");
    DepthHeatMap.of(sweep()).title("Accuracy of a model").trainedHops(5).write(file);

    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(900);
    assertThat(image.getHeight()).isEqualTo(600);
    Set<Integer> colours = new HashSet<>();
    for (int x = 0; x < image.getWidth(); x += 3) {
      for (int y = 0; y < image.getHeight(); y += 3) {
        colours.add(image.getRGB(x, y));
      }
    }
    assertThat(colours).hasSizeGreaterThan(20);
  }

  @Test
  void anSvgIsXmlOfShapes() throws Exception {
    Path map = folder.resolve("map.svg");
    DepthHeatMap.of(sweep()).title("Accuracy of a model").trainedHops(5).write(map);
    Path curves = folder.resolve("curves.svg");
    curves().write(curves);

    // At least one shape for every cell, and for every curve and letter.
    assertThat(shapes(map)).isGreaterThan(11 * 32);
    assertThat(shapes(curves)).isGreaterThan(4 + "Compositiontrainingstepaccuracy".length());
  }

  private static int shapes(Path svg) throws Exception {
    DocumentBuilderFactory xml = DocumentBuilderFactory.newInstance();
    xml.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    Element root = xml.newDocumentBuilder().parse(svg.toFile()).getDocumentElement();
    assertThat(root.getTagName()).isEqualTo("svg");
    return root.getElementsByTagName("path").getLength()
        + root.getElementsByTagName("rect").getLength()
        + root.getElementsByTagName("line").getLength();
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
    ObjectNode empty = sweep().toJson();
    empty.putArray("rows");

    assertThatThrownBy(() -> DepthHeatMap.of(DepthSweep.ofJson(empty)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no facts");
    assertThatThrownBy(() -> LearningCurves.titled("none").write(folder.resolve("none.png")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no curves");
    assertThatThrownBy(
            () ->
                LearningCurves.titled("bad")
                    .curve("OOD", new double[] {1, 2}, new double[] {0.5, Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("OOD");
    assertThatThrownBy(() -> DepthHeatMap.of(sweep()).iterations(1, 33))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 32");
  }

  private static LearningCurves curves() {
    double[] steps = IntStream.range(0, 60).mapToDouble(i -> 50.0 * i).toArray();
    return LearningCurves.titled("Composition")
        .curve("train", steps, rising(steps, 400))
        .curve("ID", steps, rising(steps, 700))
        .curve("OOD", steps, rising(steps, 1800))
        .curve("vanilla: OOD", steps, rising(steps, 90_000));
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
    return DepthSweep.ofJson(json);
  }
}
