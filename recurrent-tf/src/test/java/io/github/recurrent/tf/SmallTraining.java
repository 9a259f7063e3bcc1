package io.github.recurrent.tf;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.Checkpoint.TrainingState;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Trainings of a second, for tests of how a training ends. */
final class SmallTraining {
  static final MultiHopDataset DATA =
      MultiHopDataset.from(KnowledgeGraph.builder().entities(6).relations(3).seed(1).build())
          .hops(2, 3)
          .trainPerHop(30)
          .testPerHop(10)
          .build();

  static final CompositionDataset COMPOSITION =
      CompositionDataset.from(KnowledgeGraph.builder().entities(10).relations(5).seed(1).build())
          .oodShare(0.3)
          .heldOutShare(0.1)
          .inferredRatio(2)
          .build();

  /** Facts of a graph whose relations are many-to-one, as the paper's are. */
  static final CompositionDataset MANY_TO_ONE =
      CompositionDataset.from(
              KnowledgeGraph.builder()
                  .entities(30)
                  .relations(10)
                  .outDegree(6)
                  .randomTails()
                  .build())
          .oodShare(0.3)
          .heldOutShare(0.1)
          .inferredRatio(2)
          .build();

  private SmallTraining() {}

  /** Three stages of two epochs of five updates, and a cooldown of five: 35 updates. */
  static Trainer byCurriculum() {
    return trainer(DATA.vocabulary())
        .curriculum(
            Curriculum.byHops()
                .atomicFirst()
                .stepsPerEpoch(5)
                .epochsPerStage(3)
                .forcedEpochs(1, 2)
                .forcedEpochs(2, 2)
                .forcedEpochs(3, 2)
                .untilAccuracy(1e-9)
                .cooldown(5, 0.1));
  }

  /** Four epochs of five updates, the first on atomic facts alone. */
  static Trainer byEpochs() {
    return trainer(COMPOSITION.vocabulary()).epochs(Epochs.of(4).steps(5).atomicFirst(1));
  }

  /** A trainer for {@link #DATA} that is large and slow enough to learn it. */
  static Trainer thatLearns() {
    return Trainer.of(
            RecurrentDepthTransformer.builder()
                .vocabulary(DATA.vocabulary())
                .width(16)
                .layers(1)
                .heads(2)
                .initialization(Initialization.builder().embeddingStandardDeviation(0.02).build())
                .recurrence(Recurrence.poisson(2).between(1, 3))
                .build())
        .threads(1)
        .batch(32)
        .seed(7)
        .optimizer(AdamW.builder().learningRate(1e-2).warmupSteps(10).clipNorm(1).build());
  }

  /** A trainer for {@link #MANY_TO_ONE}, whose batches and rates are the defaults. */
  static Trainer onManyToOne() {
    return Trainer.of(model(MANY_TO_ONE.vocabulary(), 16)).threads(1);
  }

  private static RecurrentDepthTransformer model(Vocabulary vocabulary, int width) {
    return RecurrentDepthTransformer.builder()
        .vocabulary(vocabulary)
        .width(width)
        .layers(1)
        .heads(2)
        .recurrence(Recurrence.fixed(2))
        .build();
  }

  private static Trainer trainer(Vocabulary vocabulary) {
    return Trainer.of(model(vocabulary, 8))
        .threads(1)
        .batch(8)
        .optimizer(AdamW.builder().learningRate(1e-2).warmupSteps(0).build());
  }

  /** Returns a listener that is told the name of every event that happens. */
  static TrainingListener hearing(Consumer<String> events) {
    return (TrainingListener)
        Proxy.newProxyInstance(
            TrainingListener.class.getClassLoader(),
            new Class<?>[] {TrainingListener.class},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass().equals(TrainingListener.class)) {
                events.accept(method.getName());
              }
              return null;
            });
  }

  static TrainingState latest(Path folder) throws IOException {
    return Checkpoint.read(folder.resolve("latest")).trainingState().orElseThrow();
  }
}
