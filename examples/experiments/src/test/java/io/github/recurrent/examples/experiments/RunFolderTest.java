package io.github.recurrent.examples.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import io.github.recurrent.tf.Cancellation;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.Trainer;
import io.github.recurrent.tf.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final MultiHopDataset DATA =
      MultiHopDataset.from(
              KnowledgeGraph.builder().entities(5).relations(3).permutations().seed(1).build())
          .hops(2, 3)
          .trainPerHop(20)
          .testPerHop(7)
          .build();

  @TempDir Path folder;

  @Test
  void dataInTheFolderIsReadAsItWasWritten() throws IOException {
    RunData.of(DATA).write(folder.resolve("data"));
    write("latest", ImmutableMap.of("data", "anything"));

    assertThat(RunFolder.of(folder).data()).isEqualTo(RunData.of(DATA));
    assertThat(RunData.of(DATA).test().byType().keySet()).containsExactly("2hop_test", "3hop_test");
    assertThat(RunData.of(DATA).atomic()).isEqualTo(DATA.atomic());
  }

  @Test
  void dataOfAnExperimentIsDrawnAgain() throws IOException {
    CompositionDataset composition = LaptopComposition.data(43);
    RecurrentDepthTransformer model =
        Preset.laptopComposition().model(composition.vocabulary()).build();
    Checkpoint.builder()
        .model(model)
        .vocabulary(composition.vocabulary())
        .parameters(Parameters.initialize(model, Seed.of(1)))
        .provenance(ImmutableMap.of("data", composition.toString(), "seed", "43"))
        .build()
        .write(folder.resolve("latest"));

    assertThat(RunFolder.of(folder).data()).isEqualTo(RunData.of(composition));
  }

  @Test
  void dataThatIsNeitherThereNorKnownIsAnError() throws IOException {
    write("latest", ImmutableMap.of("data", "MultiHopDataset[2 to 3 hops, 15 atomic facts]"));

    assertThatThrownBy(() -> RunFolder.of(folder).data())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("15 atomic facts")
        .hasMessageContaining("128 atomic facts");
  }

  @Test
  void stagesComeInTheOrderOfTheirHops() throws IOException {
    for (String stage : new String[] {"stage_10", "stage_2", "latest"}) {
      write(stage, ImmutableMap.of("name", stage));
    }
    RunFolder run = RunFolder.of(folder);

    assertThat(run.stages().keySet()).containsExactly(2, 10);
    assertThat(run.stage(10).provenance()).containsEntry("name", "stage_10");
    assertThatThrownBy(() -> run.stage(3)).hasMessageContaining("[2, 10]");
  }

  @Test
  void theCheckpointOfAStageOfGeneralizationIsFoundByWhatItReached() throws IOException {
    write(
        "latest", ImmutableMap.of("test_inferred_ood 0.5 reached at epoch", "31", "steps", "3500"));
    write("r4_l4/checkpoint_epoch_31", ImmutableMap.of("name", "kept"));
    RunFolder run = RunFolder.of(folder);

    assertThat(run.reached("test_inferred_ood").orElseThrow().provenance())
        .containsEntry("name", "kept");
    assertThat(run.reached("train_inferred")).isEmpty();
  }

  @Test
  void aTrainingIsFinishedWhenItsRecordEndsSo() throws IOException {
    write("latest", ImmutableMap.of());
    RunFolder run = RunFolder.of(folder);
    Path record = folder.resolve("training.jsonl");
    assertThat(run.isFinished()).isFalse();

    String begin = "{\"event\":\"started\"}\n";
    String end = "{\"event\":\"finished\",\"complete\":true}\n";
    Files.writeString(record, begin + end);
    assertThat(run.isFinished()).isTrue();

    Files.writeString(record, end + begin);
    assertThat(run.isFinished()).isFalse();

    Files.writeString(record, begin + end.replace("true", "false"));
    assertThat(run.isFinished()).isFalse();

    String endOfFirst = end.replace("}", ",\"part\":\"1 of 2\"}");
    Files.writeString(record, begin + endOfFirst);
    assertThat(run.isFinished()).isFalse();

    Files.writeString(record, begin + "{\"event\":\"stage_failed\"}\n" + endOfFirst);
    assertThat(run.isFinished()).isTrue();
  }

  @Test
  void aTrainingAtItsEndIsNotMadeAgain() throws IOException {
    RunFolder run = RunFolder.of(folder);
    Trainer trainer =
        Trainer.of(model(2))
            .batch(4)
            .curriculum(Curriculum.byHops().upTo(2).stepsPerEpoch(3).epochsPerStage(1));
    Checkpoint trained = run.trained(trainer, RunData.of(DATA), kept -> kept.train(DATA));
    String record = Files.readString(folder.resolve("training.jsonl"));

    Checkpoint again =
        run.trained(
            trainer,
            RunData.of(DATA),
            kept -> {
              throw new AssertionError("trains again");
            });

    assertThat(again).isEqualTo(trained);
    assertThat(folder.resolve("training.jsonl")).hasContent(record);
  }

  @Test
  void aTrainingThatWasStoppedGoesOnFromItsCheckpointAndAddsToItsRecord() throws IOException {
    RunFolder run = RunFolder.of(folder);
    RunData data = RunData.of(DATA);
    Trainer trainer =
        Trainer.of(model(2))
            .batch(4)
            .curriculum(
                Curriculum.byHops().upTo(2).untilAccuracy(0.99).stepsPerEpoch(3).epochsPerStage(4));
    Cancellation cancellation = Cancellation.create();
    TrainingListener stopAtTheFifth =
        new TrainingListener() {
          @Override
          public void stepped(Step step) {
            if (step.number() == 5) {
              cancellation.cancel();
            }
          }
        };

    assertThatThrownBy(
            () ->
                run.resume(trainer, data)
                    .cancellation(cancellation)
                    .listener(stopAtTheFifth)
                    .train(DATA))
        .isInstanceOf(CancellationException.class);
    assertThat(run.isFinished()).isFalse();
    Checkpoint resumed = run.resume(trainer, data).train(DATA);

    assertThat(run.isFinished()).isTrue();
    assertThat(resumed.parameters()).isEqualTo(trainer.train(DATA).parameters());
    assertThat(Files.readString(folder.resolve("training.jsonl")))
        .containsSubsequence("started", "started", "finished");
  }

  @Test
  void argumentsMayBeSeveralOrOneWithCommas() {
    Arguments one = Arguments.of(new String[] {"7,report.html, runs/a b"});
    Arguments several = Arguments.of(new String[] {"7", "report.html", "runs/a b"});

    assertThat(one).hasToString(several.toString());
    assertThat(one.seed()).isEqualTo(7);
    assertThat(one.from(2)).containsExactly("runs/a b");
    assertThat(Arguments.of(new String[] {""}).seed()).isEqualTo(42);
    assertThatThrownBy(() -> Arguments.of(new String[] {"x"}).seed())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"x\"");
    assertThat(several.number(3, "facts", 9)).isEqualTo(9);
    assertThat(one.number(0, "facts", 9)).isEqualTo(7);
    assertThatThrownBy(() -> one.number(1, "facts", 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("number of facts")
        .hasMessageContaining("\"report.html\"");
  }

  private void write(String name, ImmutableMap<String, String> provenance) throws IOException {
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder().from(model(4)).layers(4).build();
    Path target = folder.resolve(name);
    Files.createDirectories(target.getParent());
    Checkpoint.builder()
        .model(model)
        .vocabulary(DATA.vocabulary())
        .parameters(Parameters.initialize(model, Seed.of(1)))
        .provenance(provenance)
        .build()
        .write(target);
  }

  private static RecurrentDepthTransformer model(int iterations) {
    return RecurrentDepthTransformer.builder()
        .vocabulary(DATA.vocabulary())
        .width(8)
        .layers(1)
        .heads(2)
        .recurrence(Recurrence.fixed(iterations))
        .build();
  }
}
