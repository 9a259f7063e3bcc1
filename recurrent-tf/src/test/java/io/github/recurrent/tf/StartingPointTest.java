package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.Checkpoint.TrainingState;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training starts only from a checkpoint whose parameters mean the same to it. */
class StartingPointTest {
  private static final String EMBEDDING = "token_embedding.weight";
  private static final MultiHopDataset DATA =
      MultiHopDataset.from(KnowledgeGraph.builder().entities(6).relations(3).seed(1).build())
          .hops(2, 2)
          .trainPerHop(30)
          .testPerHop(10)
          .build();
  private static final RecurrentDepthTransformer MODEL = model(builder -> builder);
  private static final Checkpoint START = checkpoint(MODEL, DATA.vocabulary());

  @TempDir Path folder;

  @Test
  void choicesThatChangeTheFunctionAreRefusedByName() {
    assertRefused(builder -> builder.heads(4), "heads is 2 there and 4 here");
    assertRefused(builder -> builder.inputInjection(true), "inputInjection is false there");
    assertRefused(builder -> builder.attentionSlopes(8, 2), "attentionSlopes is [] there");
    assertRefused(
        builder -> builder.positions(PositionEncoding.SINUSOIDAL), "positions is NONE there");
    assertRefused(
        builder -> builder.readPosition(ReadPosition.lastToken()),
        "readPosition is first pad there and last token here");
    assertRefused(builder -> builder.width(16), "width is 8 there and 16 here");
    assertRefused(builder -> builder.layers(2), "layers is 1 there and 2 here");
    assertRefused(builder -> builder.vocabularySize(99), "vocabularySize is 16 there and 99 here");
  }

  @Test
  void everyDifferenceIsNamed() {
    assertRefused(
        builder -> builder.heads(4).inputInjection(true).layers(2),
        "layers is 1 there and 2 here, heads is 2 there and 4 here, inputInjection is false there"
            + " and true here");
  }

  @Test
  void choicesOfTheTrainingMayDiffer() {
    Trainer.of(model(builder -> builder.recurrence(Recurrence.poisson(2).between(1, 3))))
        .startFrom(START);
    Trainer.of(model(builder -> builder.initialization(Initialization.scripts()))).startFrom(START);
    Trainer.of(model(builder -> builder.maxPositions(9))).startFrom(START);
  }

  private static void assertRefused(
      UnaryOperator<RecurrentDepthTransformer.Builder> change, String... parts) {
    Trainer trainer = Trainer.of(model(change));
    for (String part : parts) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> trainer.startFrom(START))
          .withMessageContaining(part);
    }
  }

  @Test
  void embeddingsAndTheirMomentsFollowTheirTokensIntoAnotherOrder() {
    Vocabulary other = shuffled(DATA.vocabulary());
    Checkpoint moved = StartingPoint.inOrderOf(other, withState(START, 0));

    assertThat(moved.vocabulary()).isEqualTo(other);
    TrainingState before = withState(START, 0).trainingState().orElseThrow();
    TrainingState after = moved.trainingState().orElseThrow();
    for (String token : other.tokens()) {
      int from = DATA.vocabulary().id(token);
      int to = other.id(token);
      assertThat(row(moved.parameters(), to)).isEqualTo(row(START.parameters(), from));
      assertThat(row(after.firstMoments(), to)).isEqualTo(row(before.firstMoments(), from));
      assertThat(row(after.secondMoments(), to)).isEqualTo(row(before.secondMoments(), from));
    }
    assertThat(moved.parameters().values("ln_f.weight"))
        .isEqualTo(START.parameters().values("ln_f.weight"));
    assertThat(after.step()).isEqualTo(before.step());
  }

  // From parameters alone, and with the state of their training.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsKnownStaysKnownThoughTheTriplesComeInAnotherOrder(boolean state) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int entity = 0; entity < 8; entity++) {
      for (int relation = 0; relation < 2; relation++) {
        lines.add("n" + entity + "\tr" + relation + "\tn" + (entity * 5 + relation * 3 + 1) % 8);
      }
    }
    MultiHopDataset first = data(lines);
    Collections.shuffle(lines, new Random(3));
    MultiHopDataset second = data(lines);
    assertThat(second.vocabulary()).isNotEqualTo(first.vocabulary());
    EvaluationRecord record = EvaluationRecord.create();
    Checkpoint trained = atomic(first, 0.01, 300).listener(record).train(first);
    double known = record.accuracy("atomic_facts");
    assertThat(known).isGreaterThan(0.8);

    EvaluationRecord after = EvaluationRecord.create();
    Checkpoint start = state ? withState(trained, 1) : withoutState(trained);
    atomic(second, 1e-9, 1).startFrom(start).listener(after).train(second);

    assertThat(after.accuracy("atomic_facts")).isEqualTo(known);
  }

  private MultiHopDataset data(List<String> lines) throws IOException {
    Path file = Files.write(folder.resolve("triples.tsv"), lines);
    return MultiHopDataset.from(KnowledgeGraph.read(file))
        .hops(2, 2)
        .trainPerHop(20)
        .testPerHop(5)
        .build();
  }

  private static Trainer atomic(MultiHopDataset data, double rate, int steps) {
    return Trainer.of(model(builder -> builder.vocabulary(data.vocabulary()).width(16)))
        .device(Device.cpu())
        .threads(1)
        .batch(16)
        .optimizer(AdamW.builder().learningRate(rate).warmupSteps(0).weightDecay(0).build())
        .curriculum(
            Curriculum.byHops()
                .atomicFirst()
                .upTo(1)
                .stepsPerEpoch(steps)
                .epochsPerStage(1)
                .untilAccuracy(0.9999));
  }

  @Test
  void otherTokensAreRefusedAndNamed() {
    List<String> tokens = new ArrayList<>(DATA.vocabulary().tokens());
    tokens.set(1, "<e_Ada>");
    Checkpoint other = checkpoint(MODEL, Vocabulary.ofTokens(tokens));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trainer.of(MODEL).startFrom(other).train(DATA))
        .withMessageContaining("the data has 1 that it lacks (<e_0>)")
        .withMessageContaining("lacks 1 that it has (<e_Ada>)");
  }

  @Test
  void theStateOfATrainingOfAnotherKindIsRefused() throws IOException {
    CompositionDataset composition =
        CompositionDataset.from(KnowledgeGraph.builder().entities(6).relations(3).seed(1).build())
            .oodShare(0.3)
            .heldOutShare(0.1)
            .inferredRatio(1)
            .build();
    Checkpoint epochs =
        Trainer.of(MODEL).threads(1).epochs(Epochs.of(1).steps(1)).train(composition);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trainer.of(MODEL).startFrom(epochs).train(DATA))
        .withMessageContaining("by Epochs, which one by Curriculum cannot continue");
    Checkpoint alone =
        Trainer.of(MODEL)
            .threads(1)
            .curriculum(Curriculum.byHops().stepsPerEpoch(1).epochsPerStage(1))
            .startFrom(withoutState(epochs))
            .train(DATA);
    assertThat(alone.trainingState().orElseThrow().step()).isEqualTo(1);
  }

  private static RecurrentDepthTransformer model(
      UnaryOperator<RecurrentDepthTransformer.Builder> change) {
    return change
        .apply(
            RecurrentDepthTransformer.builder()
                .vocabulary(DATA.vocabulary())
                .width(8)
                .layers(1)
                .heads(2)
                .initialization(Initialization.builder().embeddingStandardDeviation(0.02).build())
                .recurrence(Recurrence.fixed(2)))
        .build();
  }

  private static Checkpoint checkpoint(RecurrentDepthTransformer model, Vocabulary vocabulary) {
    return Checkpoint.builder()
        .model(model)
        .vocabulary(vocabulary)
        .parameters(Parameters.initialize(model, Seed.of(1)))
        .provenance(ImmutableMap.of())
        .build();
  }

  private static Checkpoint withoutState(Checkpoint checkpoint) {
    return Checkpoint.builder().from(checkpoint).trainingState(Optional.empty()).build();
  }

  /** With a state at the beginning of a stage. */
  private static Checkpoint withState(Checkpoint checkpoint, int stage) {
    TrainingState.Builder state = TrainingState.builder();
    checkpoint.trainingState().ifPresent(state::from);
    if (checkpoint.trainingState().isEmpty()) {
      state
          .step(7)
          .optimizerStep(7)
          .seed(42)
          .firstMoments(Parameters.initialize(checkpoint.model(), Seed.of(2)))
          .secondMoments(Parameters.initialize(checkpoint.model(), Seed.of(3)));
    }
    return Checkpoint.builder()
        .from(checkpoint)
        .trainingState(state.stage(Math.max(1, stage)).epoch(0).build())
        .build();
  }

  private static Vocabulary shuffled(Vocabulary vocabulary) {
    List<String> tokens = new ArrayList<>(vocabulary.tokens().subList(1, vocabulary.size()));
    Collections.shuffle(tokens, new Random(5));
    return Vocabulary.ofTokens(
        ImmutableList.<String>builder().add(Vocabulary.PAD).addAll(tokens).build());
  }

  private static FloatBuffer row(Parameters parameters, int id) {
    return parameters.values(EMBEDDING).slice(id * 8, 8);
  }
}
