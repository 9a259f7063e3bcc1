package io.github.recurrent.examples.experiments.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.examples.experiments.LaptopComposition;
import io.github.recurrent.examples.experiments.RunData;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import io.github.recurrent.tf.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportTest {
  @TempDir Path folder;

  @Test
  void onePageHoldsAllPicturesOfRunsOfBothKinds() throws Exception {
    MultiHopDataset hops = upTo(4);
    Path one = run("one", hops.vocabulary(), RunData.of(hops));
    Path other = run("other", hops.vocabulary(), RunData.of(hops));
    CompositionDataset pairs = LaptopComposition.data(1);
    Path composed = run("composed", pairs.vocabulary(), RunData.of(pairs));
    Path page = folder.resolve("page.html");

    Report.main(new String[] {"1," + page + "," + one + "," + other + "," + composed});

    Document html = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(page.toFile());
    assertThat(html.getElementsByTagName("section").getLength()).isEqualTo(4);
    NodeList images = html.getElementsByTagName("img");
    assertThat(images.getLength()).isEqualTo(2 * 3 + 2 + 1);
    for (int index = 0; index < images.getLength(); index++) {
      Element image = (Element) images.item(index);
      assertThat(image.getAttribute("src")).startsWith("data:image/png;base64,");
      assertThat(image.getAttribute("alt")).hasSizeGreaterThan(20);
    }
    assertThat(html.getDocumentElement().getTextContent())
        .contains("Side by side", "grown <in> a \"test\" & nowhere else");
  }

  @Test
  void aReportWithoutRunsIsRefused() {
    assertThatThrownBy(() -> Report.main(new String[] {"1", "page.html"}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("folders of runs");
  }

  @Test
  void thePageTellsWhichWeightsItShowsOfARunThatWentOnAfterItsLastStage() throws Exception {
    MultiHopDataset hops = upTo(3);
    Path run = run("failed", hops.vocabulary(), RunData.of(hops));
    checkpoint(hops.vocabulary(), "1200").write(run.resolve("stage_2"));
    checkpoint(hops.vocabulary(), "1900").write(run.resolve("latest"));
    Path page = folder.resolve("page.html");

    Report.main(new String[] {"1," + page + "," + run});

    assertThat(Files.readString(page))
        .contains(
            "the last ones, after 1,900 updates; 2 hops had been learned after 1,200 updates.");
  }

  private static MultiHopDataset upTo(int hops) {
    return MultiHopDataset.from(
            KnowledgeGraph.builder().entities(5).relations(3).permutations().seed(1).build())
        .hops(2, hops)
        .trainPerHop(20)
        .testPerHop(6)
        .build();
  }

  /** Keeps an untrained model as a run. */
  private Path run(String name, Vocabulary vocabulary, RunData data) throws IOException {
    Checkpoint untrained = checkpoint(vocabulary, "0");
    RunFolder run = RunFolder.of(folder.resolve(name));
    assertThat(run.keep(Trainer.of(untrained.model()), data)).isNotNull();
    untrained.write(run.path().resolve("latest"));
    return run.path();
  }

  private static Checkpoint checkpoint(Vocabulary vocabulary, String steps) {
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .vocabulary(vocabulary)
            .width(8)
            .layers(1)
            .heads(2)
            .recurrence(Recurrence.fixed(2))
            .initialization(Initialization.scripts())
            .build();
    return Checkpoint.builder()
        .model(model)
        .vocabulary(vocabulary)
        .parameters(Parameters.initialize(model, Seed.of(1)))
        .provenance(ImmutableMap.of("data", "grown <in> a \"test\" & nowhere else", "steps", steps))
        .build();
  }
}
