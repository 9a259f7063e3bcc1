package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A smoke test of training on a GPU; without one it is skipped, and says so. */
class GpuTrainingTest {
  private static final MultiHopDataset DATA =
      MultiHopDataset.from(KnowledgeGraph.builder().entities(10).relations(4).seed(1).build())
          .hops(2, 3)
          .trainPerHop(100)
          .testPerHop(20)
          .build();

  @Test
  void lossesOnTheGpuAreThoseOfTheCpu() throws IOException {
    assumeFalse(Device.auto().resolve().isEmpty(), "TensorFlow finds no GPU here");

    List<Double> cpu = losses(Device.cpu());
    List<Double> gpu = losses(Device.gpu(0));

    assertThat(gpu).hasSameSizeAs(cpu);
    for (int step = 0; step < cpu.size(); step++) {
      assertThat(gpu.get(step)).as("step %s", step + 1).isCloseTo(cpu.get(step), within(1e-3));
    }
  }

  @Test
  void aModelTrainedOnTheGpuAnswersThereAsOnTheCpu() throws IOException {
    assumeFalse(Device.auto().resolve().isEmpty(), "TensorFlow finds no GPU here");
    Checkpoint trained = trainer(Device.gpu(0)).train(DATA);

    try (TensorFlowReasoner cpu = TensorFlowReasoner.of(trained);
        TensorFlowReasoner gpu = TensorFlowReasoner.of(trained, Device.gpu(0), Precision.FP32)) {
      QueryBatch queries = QueryBatch.of(DATA.test(3));
      Trajectory expected = cpu.trajectory(queries, 3);
      Trajectory found = gpu.trajectory(queries, 3);
      for (int row = 0; row < queries.size(); row++) {
        assertThat(found.logits(3, row)).containsExactly(expected.logits(3, row), within(1e-3f));
      }
    }
  }

  private static List<Double> losses(Device device) throws IOException {
    List<Double> losses = new ArrayList<>();
    trainer(device)
        .listener(
            new TrainingListener() {
              @Override
              public void stepped(Step step) {
                losses.add(step.loss());
              }
            })
        .train(DATA);
    return losses;
  }

  private static Trainer trainer(Device device) {
    return Trainer.of(
            RecurrentDepthTransformer.builder()
                .vocabulary(DATA.vocabulary())
                .width(32)
                .layers(1)
                .heads(2)
                .build())
        .device(device)
        .batch(32)
        .optimizer(AdamW.builder().learningRate(1e-3).warmupSteps(0).build())
        .curriculum(Curriculum.byHops().stepsPerEpoch(10).epochsPerStage(2));
  }
}
