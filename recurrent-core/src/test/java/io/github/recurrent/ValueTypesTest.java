package io.github.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.Checkpoint.TrainingState;
import io.github.recurrent.checkpoint.PyTorchCheckpoint;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.fixtures.ValueSample;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.graph.RecordChecks;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.Parameters.Shape;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trace;
import io.github.recurrent.reasoning.TracedReasoner.Patch;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The public types that stand for values, without those of {@code evaluation}. */
final class ValueTypesTest {
  private static final int TOKENS = vocabulary(1).size();

  @ParameterizedTest
  @MethodSource("values")
  void equalValuesAreEqualAndTellWhatTheyAre(ValueSample sample) {
    sample.assertIsValue();
  }

  /** Each is made twice from 1, and once from 2. */
  static Stream<ValueSample> values() {
    return Stream.<LongFunction<Object>>of(
            Seed::of,
            ValueTypesTest::graph,
            n -> RecordChecks.of(policy(n), RecordChecks.Policy.COUNT),
            ValueTypesTest::vocabulary,
            n -> Query.of("<e_0>", "<r_" + n + ">"),
            n -> multiHop(n).atomic(),
            n -> Split.of(Map.of("2hop_test", multiHop(n).test(2))),
            ValueTypesTest::multiHop,
            ValueTypesTest::composition,
            n -> Shape.of(3, (int) n),
            n -> ReadPosition.column((int) n),
            n -> Recurrence.poisson(4).between((int) n, 8),
            n -> Initialization.builder().projectionScale((int) n).build(),
            ValueTypesTest::model,
            ValueTypesTest::parameters,
            ValueTypesTest::trainingState,
            ValueTypesTest::checkpoint,
            n ->
                new PyTorchCheckpoint.Contents(
                    (int) n, 8, TOKENS, PositionEncoding.NONE, 0, ImmutableMap.of()),
            n -> Halting.klAndEntropy(0.01, (int) n),
            n -> Distribution.ofLogits(logits(n)),
            n -> Answer.of(vocabulary(1), Distribution.ofLogits(logits(n)), 2, Answer.Cause.LIMIT),
            n -> new Answer.Candidate("<e_" + n + ">", 0.5),
            ValueTypesTest::queries,
            n -> Patch.of((int) n, 0, new float[] {1, 2}),
            ValueTypesTest::trace,
            n -> Trajectory.of(1, 1, TOKENS, logits(n)),
            n -> Trajectory.of(vocabulary(1), 1, 1, logits(1), new double[] {(int) n}))
        .map(made -> new ValueSample(made.apply(1), made.apply(1), made.apply(2)));
  }

  @Test
  void whatAValueWasMadeFromMayChangeAfterwards() {
    float[] logits = logits(1);
    double[] changes = {1};
    float[] states = {1, 2};
    float[] layer = layer(1);
    Trajectory bare = Trajectory.of(1, 1, TOKENS, logits);
    Trajectory trajectory = Trajectory.of(vocabulary(1), 1, 1, logits, changes);
    Patch patch = Patch.of(1, 0, states);
    Trace trace = Trace.of(model(1), queries(1), 2, List.of(layer, layer));
    Trace changed = trace.with(1, List.of(layer));
    List<Object> before = List.of(bare, trajectory, patch, trace, changed);

    logits[0]++;
    changes[0]++;
    states[0]++;
    layer[0]++;

    assertThat(before)
        .containsExactly(
            Trajectory.of(1, 1, TOKENS, logits(1)),
            Trajectory.of(vocabulary(1), 1, 1, logits(1), new double[] {1}),
            Patch.of(1, 0, new float[] {1, 2}),
            trace(1),
            trace(1));
  }

  @Test
  void whatAValueGivesAwayMayChange() {
    Trajectory trajectory = Trajectory.of(1, 1, TOKENS, logits(1));
    Trace trace = trace(1);
    QueryBatch queries = queries(1);
    Patch patch = Patch.of(1, 0, new float[] {1, 2});

    trajectory.logits(1, 0)[0]++;
    trace.states(0)[0]++;
    trace.state(0, 0, 0)[0]++;
    queries.ids(0)[0]++;
    patch.states()[0]++;

    assertThat(trajectory).isEqualTo(Trajectory.of(1, 1, TOKENS, logits(1)));
    assertThat(trace).isEqualTo(trace(1));
    assertThat(queries).isEqualTo(queries(1));
    assertThat(patch).isEqualTo(Patch.of(1, 0, new float[] {1, 2}));
  }

  @Test
  void whatIsChosenStepByStepIsLeftAsItWas() {
    KnowledgeGraph.Builder graphs = KnowledgeGraph.builder().entities(12).relations(4).seed(1);
    MultiHopDataset.Builder hops =
        MultiHopDataset.from(graph(1)).hops(2, 2).trainPerHop(20).testPerHop(5);
    CompositionDataset.Builder compositions =
        CompositionDataset.from(graph(1)).oodShare(0.3).heldOutShare(0.1).inferredRatio(1);

    List<Object> others =
        List.of(
            graphs.entities(9).relations(3).outDegree(2).randomTails().seed(5),
            hops.hops(2, 3).trainPerHop(9).testPerHop(3).allWhereFewerExist(0.1).seed(5),
            compositions.oodShare(0.4).heldOutShare(0.2).inferredRatio(0.5).seed(5));

    assertThat(others).doesNotContain(graphs, hops, compositions);
    assertThat(graphs.build()).isEqualTo(graph(1));
    assertThat(hops.build()).isEqualTo(multiHop(1));
    assertThat(compositions.build()).isEqualTo(composition(1));
  }

  @Test
  void aReaderIsLeftAsItWas(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("facts.tsv"), "# r\tb\n#\tr\tb\n");
    KnowledgeGraph.Reader reader = KnowledgeGraph.reader().header(false);
    KnowledgeGraph.Reader other = reader.comments('#').header(true);

    assertThat(other).isNotSameAs(reader);
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> reader.read(file))
        .withMessageContaining("line 1: has 2 fields");
  }

  private static RecordChecks.Policy policy(long number) {
    return number == 1 ? RecordChecks.Policy.COUNT : RecordChecks.Policy.REFUSE;
  }

  private static KnowledgeGraph graph(long seed) {
    return KnowledgeGraph.builder().entities(12).relations(4).seed(seed).build();
  }

  private static Vocabulary vocabulary(long more) {
    return Vocabulary.of(
        KnowledgeGraph.builder().entities(11 + (int) more).relations(4).seed(1).build());
  }

  private static MultiHopDataset multiHop(long seed) {
    return MultiHopDataset.from(graph(seed)).hops(2, 2).trainPerHop(20).testPerHop(5).build();
  }

  private static CompositionDataset composition(long seed) {
    return CompositionDataset.from(graph(seed))
        .oodShare(0.3)
        .heldOutShare(0.1)
        .inferredRatio(1)
        .build();
  }

  private static RecurrentDepthTransformer model(long layers) {
    return RecurrentDepthTransformer.builder()
        .vocabularySize(TOKENS)
        .width(8)
        .layers((int) layers)
        .heads(2)
        .build();
  }

  private static Parameters parameters(long seed) {
    return Parameters.initialize(model(1), Seed.of(seed));
  }

  private static TrainingState trainingState(long step) {
    return TrainingState.builder()
        .step(step)
        .optimizerStep(step)
        .epoch(1)
        .stage(1)
        .seed(1)
        .firstMoments(parameters(1))
        .secondMoments(parameters(1))
        .build();
  }

  private static Checkpoint checkpoint(long seed) {
    return Checkpoint.builder()
        .model(model(1))
        .vocabulary(vocabulary(1))
        .parameters(parameters(seed))
        .build();
  }

  private static float[] logits(long first) {
    float[] logits = new float[TOKENS];
    logits[0] = (int) first;
    return logits;
  }

  private static QueryBatch queries(long relation) {
    return QueryBatch.of(vocabulary(1), List.of(Query.of("<e_0>", "<r_" + relation + ">")));
  }

  private static float[] layer(long first) {
    float[] layer = new float[2 * 8];
    layer[0] = (int) first;
    return layer;
  }

  private static Trace trace(long first) {
    return Trace.of(model(1), queries(1), 2, List.of(layer(first), layer(first)));
  }
}
