package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.fixtures.FixedHeap;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.tf.internal.graph.PackedBatch;
import io.github.recurrent.tf.internal.graph.Targets;
import io.github.recurrent.tf.internal.graph.TrainingGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Session;

/** Runs in a virtual machine whose heap is of a fixed size, so that only native memory can grow. */
@EnabledOnOs(OS.LINUX)
@Tag("memory")
final class NativeMemoryTest {
  private static final int ROWS = 4000;
  private static final int WARM_UP = 60;
  private static final int RUNS = 200;
  // One int or float a row, forgotten in each run, would take more than 3 MiB, the logits 30 MiB.
  private static final long KIBIBYTES_ALLOWED = 16 * 1024;

  private static final MultiHopDataset DATA =
      MultiHopDataset.from(KnowledgeGraph.builder().entities(6).relations(3).seed(1).build())
          .hops(2, 2)
          .trainPerHop(30)
          .testPerHop(10)
          .build();
  private static final RecurrentDepthTransformer MODEL =
      RecurrentDepthTransformer.builder()
          .vocabulary(DATA.vocabulary())
          .width(8)
          .layers(1)
          .heads(1)
          .recurrence(Recurrence.fixed(2))
          .build();
  private static final Checkpoint CHECKPOINT =
      Checkpoint.builder()
          .model(MODEL)
          .vocabulary(DATA.vocabulary())
          .parameters(Parameters.initialize(MODEL, Seed.of(1)))
          .build();

  enum Work {
    UPDATES,
    ANSWERS,
    REASONERS
  }

  @ParameterizedTest
  @EnumSource(Work.class)
  void workLeavesNoNativeMemoryBehind(Work work) throws Exception {
    // Else what is not closed is freed with the object, now and then.
    List<String> options = List.of("-Dorg.bytedeco.javacpp.noPointerGC=true");

    assertThat(FixedHeap.run(256, options, NativeMemoryTest.class, work.name()))
        .as("KiB of growth")
        .isLessThan(KIBIBYTES_ALLOWED);
  }

  /** Prints by how many KiB this process grew in many runs of one kind of work. */
  public static void main(String[] arguments) throws IOException {
    switch (Work.valueOf(arguments[0])) {
      case UPDATES -> {
        List<int[]> queries = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
          queries.add(DATA.train(2).queryIds(row % DATA.train(2).size()));
        }
        PackedBatch batch = PackedBatch.of(MODEL, queries);
        Targets answers = Targets.of(new int[ROWS]);
        try (TrainingGraph graph =
            new TrainingGraph(
                ImmutableTrainingPlan.builder().model(MODEL).build().function(1, 1),
                Session::new,
                CHECKPOINT.parameters())) {
          measure(
              RUNS,
              () -> {
                graph.step(batch, answers, 2, 1e-3, 1, Seed.of(1));
                graph.trajectory(batch, 2);
              });
        }
      }
      case ANSWERS -> {
        List<Query> queries = Collections.nCopies(ROWS, DATA.train(2).query(0));
        QueryBatch batch = QueryBatch.of(DATA.vocabulary(), queries);
        try (TensorFlowReasoner reasoner = TensorFlowReasoner.of(CHECKPOINT)) {
          measure(
              RUNS,
              () -> {
                reasoner.answer(batch, Halting.fixed(2));
                reasoner.trajectory(batch, 2);
              });
        }
      }
      case REASONERS -> measure(RUNS, () -> TensorFlowReasoner.of(CHECKPOINT).close());
    }
  }

  private static void measure(int runs, Runnable work) throws IOException {
    repeat(WARM_UP, work);
    long before = FixedHeap.residentKibibytes();
    repeat(runs, work);
    System.out.println(FixedHeap.residentKibibytes() - before);
  }

  private static void repeat(int times, Runnable work) {
    for (int time = 0; time < times; time++) {
      work.run();
    }
  }
}
