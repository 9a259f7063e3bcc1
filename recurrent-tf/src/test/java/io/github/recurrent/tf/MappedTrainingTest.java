package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.graph.RecordChecks;
import io.github.recurrent.graph.RecordChecks.Policy;
import io.github.recurrent.graph.SmallGraphs;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings on facts that stay on the disk. */
class MappedTrainingTest {
  @Test
  void theWeightsAreThoseOfFactsOnTheHeap(@TempDir Path folder) throws IOException {
    Path written = folder.resolve("data");
    MultiHopDataset.from(SmallGraphs.random(10, 3, 60, 1))
        .hops(2, 2)
        .allWhereFewerExist(0.2)
        .write(written);
    MultiHopDataset onHeap =
        MultiHopDataset.read(written, RecordChecks.of(Policy.COUNT, Policy.UNITE));
    MultiHopDataset mapped =
        MultiHopDataset.readMapped(written, Files.createDirectory(folder.resolve("temporary")));

    assertThat(trainer(mapped).train(mapped).parameters())
        .isEqualTo(trainer(onHeap).train(onHeap).parameters());
  }

  private static Trainer trainer(MultiHopDataset data) {
    return Trainer.of(
            RecurrentDepthTransformer.builder()
                .vocabulary(data.vocabulary())
                .width(8)
                .layers(1)
                .heads(2)
                .recurrence(Recurrence.fixed(2))
                .build())
        .threads(1)
        .batch(8)
        .curriculum(Curriculum.byHops().atomicFirst().stepsPerEpoch(20).untilAccuracy(1e-9));
  }
}
