package io.github.recurrent.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.fixtures.HopCircuit;
import io.github.recurrent.fixtures.PyTorchFixture;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.TracedReasoner.Patch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link TracedReasoner} must do beyond what every reasoner must. */
public abstract class TracedReasonerContract extends ReasonerContract {
  private static final PyTorchFixture NOPE = PyTorchFixture.nope();
  private static final PyTorchFixture LEARNED = PyTorchFixture.learned();
  private static final Vocabulary VOCABULARY =
      Vocabulary.ofTokens(
          ImmutableList.of("<e_0>", "<e_1>", "<e_2>", "<e_3>", "<r_0>", "<r_1>", "<r_2>"));
  private static final QueryBatch CLEAN =
      QueryBatch.of(
          VOCABULARY,
          ImmutableList.of(
              Query.of("<e_0>", "<r_1>", "<r_2>"),
              Query.of("<e_3>", "<r_0>", "<r_0>"),
              Query.of("<e_1>", "<r_2>", "<r_1>")));
  private static final QueryBatch CORRUPTED =
      QueryBatch.of(
          VOCABULARY,
          ImmutableList.of(
              Query.of("<e_2>", "<r_1>", "<r_2>"),
              Query.of("<e_0>", "<r_1>", "<r_0>"),
              Query.of("<e_1>", "<r_0>", "<r_2>")));
  private static final QueryBatch MIXED =
      QueryBatch.of(
          VOCABULARY,
          ImmutableList.of(
              Query.of("<e_0>", "<r_1>"), Query.of("<e_3>", "<r_2>", "<r_0>", "<r_1>", "<r_1>")));

  @Override
  protected abstract TracedReasoner open(Checkpoint checkpoint) throws Exception;

  @Test
  public void theLensGivesTheLogitsOfPyTorchAtEveryEffectiveLayer() throws Exception {
    for (PyTorchFixture fixture : List.of(NOPE, LEARNED)) {
      int iterations = fixture.layerLogits().size() / fixture.checkpoint().model().layers();
      try (TracedReasoner reasoner = open(fixture.checkpoint())) {
        Trace run = reasoner.trace(fixture.batch(), iterations);

        assertThat(run.effectiveLayers()).isEqualTo(fixture.layerLogits().size());
        for (int layer = 1; layer <= run.effectiveLayers(); layer++) {
          assertThat(reasoner.logits(run.state(layer, 0, run.readPosition(0))))
              .as("effective layer %s", layer)
              .containsExactly(
                  fixture.layerLogits().get(layer - 1), within((float) parityTolerance()));
        }
      }
    }
  }

  @Test
  public void readStatesGiveTheLogitsOfTheTrajectory() throws Exception {
    for (PyTorchFixture fixture : List.of(NOPE, LEARNED)) {
      int layers = fixture.checkpoint().model().layers();
      try (TracedReasoner reasoner = open(fixture.checkpoint())) {
        Trajectory trajectory = reasoner.trajectory(fixture.batch(), 3);
        Trace run = reasoner.trace(fixture.batch(), 3);

        for (int iteration = 1; iteration <= 3; iteration++) {
          float[] logits = reasoner.logits(run.readStates(layers * iteration));
          for (int row = 0; row < run.rows(); row++) {
            int size = trajectory.vocabularySize();
            assertThat(Arrays.copyOfRange(logits, row * size, (row + 1) * size))
                .containsExactly(
                    trajectory.logits(iteration, row), within((float) consistencyTolerance()));
          }
        }
      }
    }
  }

  @Test
  public void hiddenStatesAreThoseOfTheReference() throws Exception {
    for (RecurrentDepthTransformer model : kinds()) {
      Checkpoint checkpoint = random(VOCABULARY, model);
      try (TracedReasoner reasoner = open(checkpoint);
          TracedReasoner reference = ReferenceReasoner.of(checkpoint)) {
        Trace run = reasoner.trace(MIXED, 3);
        Trace expected = reference.trace(MIXED, 3);

        assertThat(run.positions()).isEqualTo(expected.positions());
        assertThat(run.effectiveLayers()).isEqualTo(6);
        assertThat(run.iterations()).isEqualTo(3);
        assertSame(run, expected);
        assertThat(run.states(6)).isNotEqualTo(run.states(5));
      }
    }
  }

  @Test
  public void patchedRunsAreThoseOfTheReference() throws Exception {
    for (RecurrentDepthTransformer model : kinds()) {
      Checkpoint checkpoint = random(VOCABULARY, model);
      try (TracedReasoner reasoner = open(checkpoint);
          TracedReasoner reference = ReferenceReasoner.of(checkpoint)) {
        Trace clean = reasoner.trace(CLEAN, 2);
        List<Patch> patches =
            List.of(Patch.from(clean, 3, 0), Patch.from(clean, 1, 1), Patch.from(clean, 1, 2));

        assertSame(
            reasoner.patched(reasoner.trace(CORRUPTED, 2), patches),
            reference.patched(reference.trace(CORRUPTED, 2), patches));
      }
    }
  }

  @Test
  public void aPatchChangesNothingBeforeItAndNothingAtEarlierPositions() throws Exception {
    try (TracedReasoner reasoner = open(random(VOCABULARY, small(VOCABULARY).build()))) {
      Trace clean = reasoner.trace(CLEAN, 2);
      Trace corrupted = reasoner.trace(CORRUPTED, 2);

      Trace patched = reasoner.patched(corrupted, List.of(Patch.from(clean, 2, 1)));

      for (int layer = 0; layer <= 4; layer++) {
        assertThat(patched.states(layer, 0)).isEqualTo(corrupted.states(layer, 0));
      }
      for (int layer = 0; layer < 2; layer++) {
        assertThat(patched.states(layer)).isEqualTo(corrupted.states(layer));
      }
      assertThat(patched.states(2, 1)).isEqualTo(clean.states(2, 1));
      assertThat(patched.states(2, 2)).isEqualTo(corrupted.states(2, 2));
      assertThat(patched.states(3, 2)).isNotEqualTo(corrupted.states(3, 2));
      assertThat(corrupted.states(2, 1)).isNotEqualTo(clean.states(2, 1));
    }
  }

  @Test
  public void aRowsOwnStateChangesNothing() throws Exception {
    try (TracedReasoner reasoner = open(random(VOCABULARY, small(VOCABULARY).build()))) {
      Trace run = reasoner.trace(CLEAN, 2);
      for (int layer = 0; layer <= 4; layer++) {
        for (int position = 0; position < run.positions(); position++) {
          Trace patched = reasoner.patched(run, List.of(Patch.from(run, layer, position)));

          assertSame(patched, run);
        }
      }
    }
  }

  @Test
  public void allStatesOfAnEffectiveLayerRestoreTheRun() throws Exception {
    for (RecurrentDepthTransformer model : kinds()) {
      // Injection goes on adding the embeddings of the other query.
      if (!model.inputInjection()) {
        try (TracedReasoner reasoner = open(random(VOCABULARY, model))) {
          Trace clean = reasoner.trace(CLEAN, 2);
          Trace corrupted = reasoner.trace(CORRUPTED, 2);
          for (int layer = 0; layer <= 4; layer++) {
            int now = layer;
            Trace patched =
                reasoner.patched(
                    corrupted,
                    IntStream.range(0, clean.positions())
                        .mapToObj(position -> Patch.from(clean, now, position))
                        .toList());

            assertThat(patched.readStates(4))
                .containsExactly(clean.readStates(4), within((float) consistencyTolerance()));
          }
        }
      }
    }
  }

  @Test
  public void embeddingsInThePlaceOfOthersAreTheOtherQuery() throws Exception {
    try (TracedReasoner reasoner = open(random(VOCABULARY, small(VOCABULARY).build()))) {
      Trace clean = reasoner.trace(CLEAN, 2);

      Trace patched =
          reasoner.patched(
              reasoner.trace(CORRUPTED, 2),
              List.of(Patch.from(clean, 0, 0), Patch.from(clean, 0, 1), Patch.from(clean, 0, 2)));

      assertSame(patched, clean);
    }
  }

  @Test
  public void aCircuitWorksOffAHopAtEachOfItsEffectiveLayersAndNowhereElse() throws Exception {
    for (int layers : new int[] {1, 2}) {
      HopCircuit circuit = HopCircuit.of(layers, 3);
      QueryBatch queries = circuit.queries(2, circuit.heads());
      try (TracedReasoner reasoner = open(circuit.checkpoint())) {
        Trace run = reasoner.trace(queries, 3);
        for (int row = 0; row < run.rows(); row++) {
          for (int layer = 0; layer <= run.effectiveLayers(); layer++) {
            for (int hop = 0; hop <= 2; hop++) {
              boolean known = layer >= hop * layers;
              int entity = circuit.entity(queries, row, hop);
              float[] logits = reasoner.logits(run.state(layer, row, hop));

              assertThat(Distribution.ofLogits(logits).mostProbable() == entity)
                  .as("%s layers, effective layer %s, hop %s", layers, layer, hop)
                  .isEqualTo(known);
            }
          }
        }
      }
    }
  }

  @Test
  public void aPatchRestoresTheAnswerOfACircuitWhereItsStateIsStillToBeRead() throws Exception {
    for (int layers : new int[] {1, 2}) {
      HopCircuit circuit = HopCircuit.of(layers, 3);
      List<Integer> others = new ArrayList<>(circuit.heads());
      Collections.rotate(others, 1);
      QueryBatch queries = circuit.queries(2, circuit.heads());
      try (TracedReasoner reasoner = open(circuit.checkpoint())) {
        Trace clean = reasoner.trace(queries, 2);
        Trace corrupted = reasoner.trace(circuit.queries(2, others), 2);
        for (int layer = 0; layer <= clean.effectiveLayers(); layer++) {
          for (int position = 0; position <= 2; position++) {
            Trace patched =
                reasoner.patched(corrupted, List.of(Patch.from(clean, layer, position)));
            float[] logits = reasoner.logits(patched.readStates(2 * layers));

            // What a position has to tell is there from one hop on, and read one hop later.
            int arises = position == 0 ? 0 : (position - 1) * layers + 1;
            int read = position == 2 ? 2 * layers : position * layers;
            boolean restored = layer >= arises && layer <= read;
            for (int row = 0; row < clean.rows(); row++) {
              int size = circuit.checkpoint().model().vocabularySize();
              Distribution distribution =
                  Distribution.ofLogits(Arrays.copyOfRange(logits, row * size, (row + 1) * size));
              assertThat(distribution.mostProbable() == circuit.entity(queries, row, 2))
                  .as("%s layers, effective layer %s, position %s", layers, layer, position)
                  .isEqualTo(restored);
            }
          }
        }
      }
    }
  }

  @Test
  public void badPatchesAreRejected() throws Exception {
    try (TracedReasoner reasoner = open(random(VOCABULARY, small(VOCABULARY).build()))) {
      Trace run = reasoner.trace(CLEAN, 2);
      float[] states = run.states(1, 0);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> reasoner.patched(run, List.of()))
          .withMessageContaining("no patches");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reasoner.patched(run, List.of(Patch.of(5, 0, states))))
          .withMessageContaining("5")
          .withMessageContaining("4");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reasoner.patched(run, List.of(Patch.of(1, 4, states))))
          .withMessageContaining("position 4");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reasoner.patched(run, List.of(Patch.of(1, 0, new float[32]))))
          .withMessageContaining("32 values for 3 rows of width 32");
      Trace other = reasoner.trace(CLEAN, 1);
      try (TracedReasoner another =
          open(
              random(
                  VOCABULARY, small(VOCABULARY).positions(PositionEncoding.SINUSOIDAL).build()))) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> another.patched(other, List.of(Patch.of(1, 0, states))));
      }
    }
  }

  @Test
  public void badTracesAreRejected() throws Exception {
    try (TracedReasoner reasoner = open(NOPE.checkpoint())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reasoner.trace(LEARNED.batch(), 2))
          .withMessageContaining("vocabulary");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reasoner.trace(NOPE.batch(), 0))
          .withMessageContaining("0");
      assertThatIllegalArgumentException().isThrownBy(() -> reasoner.logits(new float[0]));
      assertThatIllegalArgumentException().isThrownBy(() -> reasoner.logits(new float[33]));
    }
  }

  @Test
  public void aClosedTracerSaysSo() throws Exception {
    TracedReasoner reasoner = open(NOPE.checkpoint());
    Trace run = reasoner.trace(NOPE.batch(), 1);
    reasoner.close();

    assertThatIllegalStateException().isThrownBy(() -> reasoner.trace(NOPE.batch(), 1));
    assertThatIllegalStateException()
        .isThrownBy(() -> reasoner.patched(run, List.of(Patch.from(run, 0, 0))));
    assertThatIllegalStateException().isThrownBy(() -> reasoner.logits(run.states(0, 0)));
  }

  private void assertSame(Trace found, Trace expected) {
    for (int layer = 0; layer <= expected.effectiveLayers(); layer++) {
      assertThat(found.states(layer))
          .as("effective layer %s of %s", layer, expected.model())
          .containsExactly(expected.states(layer), within((float) parityTolerance()));
    }
  }

  private static ImmutableList<RecurrentDepthTransformer> kinds() {
    return ImmutableList.of(
        small(VOCABULARY).build(),
        small(VOCABULARY).inputInjection(true).build(),
        small(VOCABULARY).attentionSlopes(2, 0.5, 0.125, 0).inputInjection(true).build(),
        small(VOCABULARY)
            .attentionSlopes(2, 0.5, 0.125, 0)
            .readPosition(ReadPosition.lastToken())
            .build(),
        small(VOCABULARY)
            .positions(PositionEncoding.LEARNED)
            .maxPositions(9)
            .readPosition(ReadPosition.column(6))
            .inputInjection(true)
            .build(),
        small(VOCABULARY)
            .positions(PositionEncoding.SINUSOIDAL)
            .maxPositions(9)
            .readPosition(ReadPosition.firstPad())
            .build());
  }
}
