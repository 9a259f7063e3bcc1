package io.github.recurrent.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.fixtures.PyTorchFixture;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link Reasoner} must do; the test of an implementation extends this. */
public abstract class ReasonerContract {
  private static final PyTorchFixture NOPE = PyTorchFixture.nope();
  private static final PyTorchFixture LEARNED = PyTorchFixture.learned();
  private static final Vocabulary VOCABULARY =
      Vocabulary.ofTokens(
          ImmutableList.of(
              "<e_0>", "<e_1>", "<e_2>", "<e_3>", "<e_4>", "<r_0>", "<r_1>", "<r_2>", "<mask>",
              "<sep>", "<a>", "</a>", "<q>", "</q>"));
  private static final Halting ADAPTIVE = Halting.klAndEntropy(0.01, 3).atMost(12);

  /** Returns a new reasoner for a checkpoint; the contract closes it. */
  protected abstract Reasoner open(Checkpoint checkpoint) throws Exception;

  /** Returns how far a logit may be from that of PyTorch or of the reference. */
  protected double parityTolerance() {
    return 1e-4;
  }

  /** Returns how far apart two ways may be in which this reasoner computes the same logit. */
  protected double consistencyTolerance() {
    return 1e-5;
  }

  /** Returns whether halting rules may look at the hidden state. */
  protected boolean seesHiddenState() {
    return true;
  }

  @Test
  public void logitsAreThoseOfPyTorchWithoutPositions() throws Exception {
    assertLogitsOfPyTorch(NOPE);
  }

  @Test
  public void logitsAreThoseOfPyTorchWithLearnedPositions() throws Exception {
    assertLogitsOfPyTorch(LEARNED);
  }

  private void assertLogitsOfPyTorch(PyTorchFixture fixture) throws Exception {
    try (Reasoner reasoner = open(fixture.checkpoint())) {
      Trajectory trajectory = reasoner.trajectory(fixture.batch(), fixture.iterations());

      assertThat(trajectory.iterations()).isEqualTo(fixture.iterations());
      assertThat(trajectory.rows()).isEqualTo(fixture.queries().size());
      fixture
          .logits()
          .forEach(
              (iteration, rows) -> {
                for (int row = 0; row < rows.size(); row++) {
                  assertThat(trajectory.logits(iteration, row))
                      .as("iteration %s, row %s", iteration, row)
                      .containsExactly(rows.get(row), within((float) parityTolerance()));
                }
              });
    }
  }

  @Test
  public void rowsHaltWhereThoseOfPyTorchDoWithoutPositions() throws Exception {
    assertHaltsAsPyTorch(NOPE);
  }

  @Test
  public void rowsHaltWhereThoseOfPyTorchDoWithLearnedPositions() throws Exception {
    assertHaltsAsPyTorch(LEARNED);
  }

  private void assertHaltsAsPyTorch(PyTorchFixture fixture) throws Exception {
    try (Reasoner reasoner = open(fixture.checkpoint())) {
      Trajectory trajectory = reasoner.trajectory(fixture.batch(), fixture.iterations());
      fixture
          .halting()
          .forEach(
              (halting, iterations) -> {
                List<Answer> answers = reasoner.answer(fixture.batch(), halting);

                assertThat(answers)
                    .as(halting.toString())
                    .extracting(Answer::iterations)
                    .containsExactlyElementsOf(iterations);
                for (int row = 0; row < answers.size(); row++) {
                  assertSameDistribution(
                      answers.get(row).distribution(),
                      trajectory.distribution(iterations.get(row), row));
                }
              });
    }
  }

  @Test
  public void fixedHaltingAnswersWithThatIterationOfTheTrajectory() throws Exception {
    try (Reasoner reasoner = open(NOPE.checkpoint())) {
      Trajectory trajectory = reasoner.trajectory(NOPE.batch(), 5);

      for (int iterations : new int[] {1, 2, 5}) {
        List<Answer> answers = reasoner.answer(NOPE.batch(), Halting.fixed(iterations));

        for (int row = 0; row < answers.size(); row++) {
          assertThat(answers.get(row).iterations()).isEqualTo(iterations);
          assertSameDistribution(
              answers.get(row).distribution(), trajectory.distribution(iterations, row));
        }
      }
    }
  }

  @Test
  public void anyRuleHaltsWhereItDoesOnTheTrajectory() throws Exception {
    try (Reasoner reasoner = open(NOPE.checkpoint())) {
      Trajectory trajectory = reasoner.trajectory(NOPE.batch(), 12);
      for (Halting halting :
          ImmutableList.of(
              Halting.stableAnswer(3).atMost(12),
              Halting.stableAnswer(2).atLeast(6).atMost(12),
              Halting.entropy(2).atMost(12),
              Halting.rule(
                      "less sure than before",
                      history ->
                          history.get(history.size() - 1).entropy()
                              > history.get(history.size() - 2).entropy())
                  .atMost(9)
                  .atLeast(3))) {
        List<Answer> answers = reasoner.answer(NOPE.batch(), halting);

        for (int row = 0; row < answers.size(); row++) {
          int iteration = trajectory.haltingIteration(row, halting);
          assertThat(answers.get(row).iterations())
              .as("%s, row %s", halting, row)
              .isEqualTo(iteration);
          assertSameDistribution(
              answers.get(row).distribution(), trajectory.distribution(iteration, row));
        }
      }
    }
  }

  @Test
  public void theHiddenStateChangesAsThatOfTheReference() throws Exception {
    Checkpoint checkpoint = random(VOCABULARY, small(VOCABULARY).inputInjection(true).build());
    QueryBatch batch = mixed(checkpoint.vocabulary());
    Halting halting = Halting.hiddenChange(0.2).atMost(9);
    try (Reasoner reasoner = open(checkpoint);
        Reasoner reference = ReferenceReasoner.of(checkpoint)) {
      if (!seesHiddenState()) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> reasoner.answer(batch, halting))
            .withMessageContaining("change of the hidden state");
        return;
      }
      Trajectory expected = reference.trajectory(batch, 9);
      Trajectory found = reasoner.trajectory(batch, 9);
      List<Answer> answers = reasoner.answer(batch, halting);

      for (int row = 0; row < batch.size(); row++) {
        assertThat(found.hiddenChange(1, row)).isPositive().isInfinite();
        for (int iteration = 2; iteration <= 9; iteration++) {
          assertThat(found.hiddenChange(iteration, row))
              .as("iteration %s, row %s", iteration, row)
              .isCloseTo(expected.hiddenChange(iteration, row), within(1e-4));
        }
        int halted = expected.haltingIteration(row, halting);
        assertThat(halted).isBetween(2, 8);
        assertThat(answers.get(row).iterations()).isEqualTo(halted);
        assertSameDistribution(answers.get(row).distribution(), found.distribution(halted, row));
      }
    }
  }

  @Test
  public void answersAmongEntitiesAreHaltedAndGivenAmongThemAlone() throws Exception {
    Checkpoint checkpoint = random(VOCABULARY, small(VOCABULARY).build());
    QueryBatch batch = mixed(checkpoint.vocabulary());
    Halting whole = Halting.klAndEntropy(0.05, 1).atMost(9);
    Halting halting = whole.amongEntities();
    try (Reasoner reasoner = open(checkpoint);
        Reasoner reference = ReferenceReasoner.of(checkpoint)) {
      if (!seesHiddenState()) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> reasoner.answer(batch, halting))
            .withMessageContaining("entities");
        return;
      }
      Trajectory expected = reference.trajectory(batch, 9);
      List<Answer> answers = reasoner.answer(batch, halting);

      int otherwise = 0;
      for (int row = 0; row < batch.size(); row++) {
        int halted = expected.haltingIteration(row, halting);
        otherwise += halted == expected.haltingIteration(row, whole) ? 0 : 1;
        Answer answer = answers.get(row);
        assertThat(answer.iterations()).isEqualTo(halted);
        assertThat(answer.token()).startsWith("<e_");
        assertThat(answer.top(VOCABULARY.size()))
            .filteredOn(candidate -> candidate.probability() > 0)
            .hasSize(5)
            .allSatisfy(candidate -> assertThat(candidate.token()).startsWith("<e_"));
        Distribution among = expected.distribution(halted, row).restrictedTo(VOCABULARY::isEntity);
        assertThat(answer.probability())
            .isCloseTo(among.probability(answer.tokenId()), within(1e-4));
        assertThat(reasoner.trajectory(batch, 9).haltingIteration(row, halting)).isEqualTo(halted);
      }
      assertThat(otherwise).isPositive();
    }
  }

  @Test
  public void theFirstPadIsReadAsTheLastColumnOfPublishedRowsIs() throws Exception {
    Checkpoint published =
        with(NOPE.checkpoint(), ReadPosition.column(NOPE.ids().get(0).length - 1));
    QueryBatch batch = batch(NOPE.checkpoint(), NOPE.queries().subList(0, 9));
    try (Reasoner trimmed = open(NOPE.checkpoint());
        Reasoner padded = open(published)) {
      assertSameTrajectory(
          trimmed.trajectory(batch, 4), padded.trajectory(batch, 4), consistencyTolerance());
    }
  }

  @Test
  public void aSinglePadBesideMaskedOnesReadsTheSame() throws Exception {
    Checkpoint checkpoint = with(NOPE.checkpoint(), ReadPosition.column(10));
    QueryBatch mixed = batch(checkpoint, NOPE.queries());
    QueryBatch shortest = batch(checkpoint, NOPE.queries().subList(0, 1));
    try (Reasoner reasoner = open(checkpoint)) {
      assertThat(reasoner.trajectory(shortest, 3).logits(3, 0))
          .containsExactly(
              reasoner.trajectory(mixed, 3).logits(3, 0), within((float) consistencyTolerance()));
    }
  }

  @Test
  public void injectedInputsGiveTheLogitsOfTheReference() throws Exception {
    assertLogitsOfReference(small(VOCABULARY).inputInjection(true).build());
  }

  @Test
  public void injectedInputsWithLearnedPositionsGiveTheLogitsOfTheReference() throws Exception {
    assertLogitsOfReference(
        small(VOCABULARY)
            .inputInjection(true)
            .positions(PositionEncoding.LEARNED)
            .maxPositions(9)
            .readPosition(ReadPosition.column(6))
            .build());
  }

  @Test
  public void linearBiasesGiveTheLogitsOfTheReference() throws Exception {
    assertLogitsOfReference(small(VOCABULARY).attentionSlopes(2, 0.5, 0.125, 0).build());
  }

  @Test
  public void linearBiasesWithPositionsGiveTheLogitsOfTheReference() throws Exception {
    assertLogitsOfReference(
        small(VOCABULARY)
            .attentionSlopes(2, 0.5, 0.125, 0)
            .positions(PositionEncoding.LEARNED)
            .maxPositions(9)
            .readPosition(ReadPosition.column(6))
            .build());
  }

  @Test
  public void sinusoidalPositionsGiveTheLogitsOfTheReference() throws Exception {
    assertLogitsOfReference(
        small(VOCABULARY)
            .positions(PositionEncoding.SINUSOIDAL)
            .maxPositions(9)
            .readPosition(ReadPosition.firstPad())
            .build());
  }

  @Test
  public void readingTheLastTokenGivesTheLogitsOfTheReference() throws Exception {
    assertLogitsOfReference(small(VOCABULARY).readPosition(ReadPosition.lastToken()).build());
  }

  private void assertLogitsOfReference(RecurrentDepthTransformer model) throws Exception {
    Checkpoint checkpoint = random(VOCABULARY, model);
    QueryBatch batch = mixed(checkpoint.vocabulary());
    try (Reasoner reasoner = open(checkpoint);
        Reasoner reference = ReferenceReasoner.of(checkpoint)) {
      Trajectory expected = reference.trajectory(batch, 6);

      assertThat(expected.logits(6, 0)).isNotEqualTo(expected.logits(1, 0));
      assertSameTrajectory(reasoner.trajectory(batch, 6), expected, parityTolerance());
      List<Answer> answers = reasoner.answer(batch, Halting.fixed(6));
      for (int row = 0; row < batch.size(); row++) {
        assertThat(answers.get(row).tokenId()).isEqualTo(expected.mostProbable(6, row));
      }
    }
  }

  @Test
  public void anAnswerDoesNotDependOnTheOtherRows() throws Exception {
    try (Reasoner reasoner = open(NOPE.checkpoint())) {
      List<Answer> together = reasoner.answer(NOPE.queries(), ADAPTIVE);

      for (int row = 0; row < together.size(); row++) {
        Answer alone = reasoner.answer(NOPE.queries().get(row), ADAPTIVE);
        assertThat(alone.iterations()).isEqualTo(together.get(row).iterations());
        assertSameDistribution(alone.distribution(), together.get(row).distribution());
      }
    }
  }

  @Test
  public void anAnswerDoesNotDependOnTheOrderOfTheRows() throws Exception {
    try (Reasoner reasoner = open(LEARNED.checkpoint())) {
      List<Answer> forward = reasoner.answer(LEARNED.queries(), ADAPTIVE);
      List<Answer> backward = reasoner.answer(LEARNED.queries().reverse(), ADAPTIVE);

      for (int row = 0; row < forward.size(); row++) {
        Answer mirrored = backward.get(forward.size() - 1 - row);
        assertThat(mirrored.iterations()).isEqualTo(forward.get(row).iterations());
        assertSameDistribution(mirrored.distribution(), forward.get(row).distribution());
      }
    }
  }

  @Test
  public void threadsThatAskAtOnceGetTheSameAnswers() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Reasoner reasoner = open(NOPE.checkpoint())) {
      List<Query> queries = NOPE.queries().subList(0, 6);
      List<Answer> expected = reasoner.answer(queries, ADAPTIVE);

      List<Future<List<Answer>>> answers =
          threads.invokeAll(Collections.nCopies(4, () -> reasoner.answer(queries, ADAPTIVE)));

      for (Future<List<Answer>> answer : answers) {
        for (int row = 0; row < queries.size(); row++) {
          Answer found = answer.get().get(row);
          assertThat(found.iterations()).isEqualTo(expected.get(row).iterations());
          assertSameDistribution(found.distribution(), expected.get(row).distribution());
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  public void tellsItsModelAndVocabulary() throws Exception {
    try (Reasoner reasoner = open(LEARNED.checkpoint())) {
      assertThat(reasoner.model()).isEqualTo(LEARNED.checkpoint().model());
      assertThat(reasoner.vocabulary()).isEqualTo(LEARNED.checkpoint().vocabulary());
    }
  }

  @Test
  public void queriesOfAnotherVocabularyAreRejected() throws Exception {
    try (Reasoner reasoner = open(NOPE.checkpoint())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reasoner.answer(LEARNED.batch(), ADAPTIVE))
          .withMessageContaining("vocabulary");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reasoner.trajectory(LEARNED.batch(), 2))
          .withMessageContaining("vocabulary");
    }
  }

  @Test
  public void noIterationsAreRejected() throws Exception {
    try (Reasoner reasoner = open(NOPE.checkpoint())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reasoner.trajectory(NOPE.batch(), 0))
          .withMessageContaining("iterations")
          .withMessageContaining("0");
    }
  }

  @Test
  public void queriesTooLongForTheReadColumnAreRejected() throws Exception {
    assertTooLong(LEARNED.checkpoint(), Query.of("<e_1>", "<r_1>", "<r_2>", "<r_3>"));
  }

  @Test
  public void queriesTooLongForThePositionsAreRejected() throws Exception {
    Checkpoint checkpoint =
        random(
            VOCABULARY,
            small(VOCABULARY)
                .positions(PositionEncoding.SINUSOIDAL)
                .maxPositions(4)
                .readPosition(ReadPosition.firstPad())
                .build());
    assertTooLong(checkpoint, Query.of("<e_1>", "<r_1>", "<r_2>", "<r_0>"));
  }

  private void assertTooLong(Checkpoint checkpoint, Query query) throws Exception {
    QueryBatch batch = batch(checkpoint, ImmutableList.of(query));
    try (Reasoner reasoner = open(checkpoint)) {
      assertThatIllegalArgumentException().isThrownBy(() -> reasoner.answer(batch, ADAPTIVE));
      assertThatIllegalArgumentException().isThrownBy(() -> reasoner.trajectory(batch, 2));
    }
  }

  @Test
  public void aClosedReasonerSaysSo() throws Exception {
    Reasoner reasoner = open(NOPE.checkpoint());
    reasoner.close();

    assertThatIllegalStateException().isThrownBy(() -> reasoner.answer(NOPE.batch(), ADAPTIVE));
    assertThatIllegalStateException().isThrownBy(() -> reasoner.trajectory(NOPE.batch(), 1));
  }

  @Test
  public void closingTwiceDoesNothingMore() throws Exception {
    Reasoner reasoner = open(NOPE.checkpoint());
    reasoner.close();

    assertThatCode(reasoner::close).doesNotThrowAnyException();
  }

  private void assertSameTrajectory(Trajectory found, Trajectory expected, double tolerance) {
    assertThat(found.iterations()).isEqualTo(expected.iterations());
    assertThat(found.rows()).isEqualTo(expected.rows());
    for (int iteration = 1; iteration <= expected.iterations(); iteration++) {
      for (int row = 0; row < expected.rows(); row++) {
        assertThat(found.logits(iteration, row))
            .as("iteration %s, row %s", iteration, row)
            .containsExactly(expected.logits(iteration, row), within((float) tolerance));
      }
    }
  }

  private void assertSameDistribution(Distribution found, Distribution expected) {
    assertThat(found.size()).isEqualTo(expected.size());
    for (int id = 0; id < expected.size(); id++) {
      assertThat(found.probability(id))
          .as("probability of id %s", id)
          .isCloseTo(expected.probability(id), within(consistencyTolerance()));
    }
  }

  private static Checkpoint with(Checkpoint checkpoint, ReadPosition readPosition) {
    return Checkpoint.builder()
        .from(checkpoint)
        .model(
            RecurrentDepthTransformer.builder()
                .from(checkpoint.model())
                .readPosition(readPosition)
                .build())
        .build();
  }

  /** Weights so large that every block changes the hidden state. */
  static RecurrentDepthTransformer.Builder small(Vocabulary vocabulary) {
    return RecurrentDepthTransformer.builder()
        .vocabulary(vocabulary)
        .width(32)
        .layers(2)
        .heads(4)
        .initialization(
            Initialization.builder()
                .embeddingStandardDeviation(1)
                .linearStandardDeviation(0.1)
                .projectionScale(1)
                .build());
  }

  static Checkpoint random(Vocabulary vocabulary, RecurrentDepthTransformer model) {
    return Checkpoint.builder()
        .model(model)
        .vocabulary(vocabulary)
        .parameters(Parameters.initialize(model, Seed.of(7)))
        .build();
  }

  private static QueryBatch mixed(Vocabulary vocabulary) {
    return QueryBatch.of(
        vocabulary,
        ImmutableList.of(
            Query.of("<e_0>", "<r_1>"),
            Query.of("<e_3>", "<r_2>", "<r_0>", "<r_1>", "<r_1>"),
            Query.of("<e_4>", "<r_0>", "<r_2>"),
            Query.of("<e_1>", "<r_2>", "<r_2>", "<r_0>")));
  }

  private static QueryBatch batch(Checkpoint checkpoint, List<Query> queries) {
    return QueryBatch.of(checkpoint.vocabulary(), queries);
  }
}
