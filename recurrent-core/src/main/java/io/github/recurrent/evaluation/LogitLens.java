package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trace;
import io.github.recurrent.reasoning.TracedReasoner;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Where on the way through a model the entities of a chain can be read off (paper fig. 4): at the
 * position of each relation the entity that its hop reaches, so of two hops the bridge entity at r1
 * and the answer at r2, and the answer where the model is read. The final layer norm and the head
 * are applied to the hidden state after every effective layer.
 *
 * <p>Where heads have several tails by a relation, a hop reaches several entities. Those from which
 * the rest of the chain leads to a right answer are right. The rank is that of the most probable of
 * them, against which the others do not count, and the probability is that of all together.
 * Immutable and thread-safe.
 *
 * <p>Several models, such as the checkpoints of a training's stages, go {@link SideBySide}.
 *
 * @param setup what was analyzed and how
 * @param effectiveLayers the number of effective layers, L·R; the figures begin with the
 *     embeddings, at 0
 * @param rows the figures of each type of facts, entity of a chain, and position it is read at
 */
public record LogitLens(Setup setup, int effectiveLayers, ImmutableList<Row> rows)
    implements Report {
  /**
   * Checks the figures.
   *
   * @throws IllegalArgumentException if a row does not have one for each effective layer
   */
  public LogitLens {
    for (Row row : rows) {
      Figures.check(effectiveLayers + 1, "decodable", row.decodable());
      Figures.check(effectiveLayers + 1, "mean_rank", row.meanRank());
      Figures.check(effectiveLayers + 1, "mean_reciprocal_rank", row.meanReciprocalRank());
      Figures.check(effectiveLayers + 1, "mean_probability", row.meanProbability());
    }
  }

  /**
   * Begins to look at the facts of a split, with as many iterations as the model was trained with
   * at most, and all tokens as candidates, unless said otherwise.
   *
   * @param graph tells the entities on the way
   * @throws IllegalArgumentException if the graph is not of the model's vocabulary
   */
  public static Run of(TracedReasoner reasoner, KnowledgeGraph graph, Split split) {
    return begin(reasoner, AtomicFacts.of(graph, reasoner.vocabulary()), split);
  }

  /**
   * Begins to look at the facts of a split, as the other method does.
   *
   * @param atomic all atomic facts of a dataset, which tell the entities on the way
   * @throws IllegalArgumentException if they have more than one hop
   */
  public static Run of(TracedReasoner reasoner, Facts atomic, Split split) {
    return begin(reasoner, AtomicFacts.of(atomic), split);
  }

  private static Run begin(TracedReasoner reasoner, AtomicFacts atomic, Split split) {
    return new Run(
        Subject.of(reasoner, split), reasoner, atomic, reasoner.model().recurrence().max(), false);
  }

  /**
   * Returns the figures of an entity.
   *
   * @param hop the hop that reaches the entity; 1 for the bridge entity of two hops
   * @param position {@code r1}, {@code r2}, …, or {@code read}
   * @throws IllegalArgumentException if there are none
   */
  public Row row(String type, int hop, String position) {
    return rows.stream()
        .filter(
            row -> row.type().equals(type) && row.hop() == hop && row.position().equals(position))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no entity of hop " + hop + " of " + type + " at " + position));
  }

  /**
   * How an entity can be read off at a position; figures by effective layer, from 0 on.
   *
   * @param type the type of the facts, such as {@code test_inferred_ood}
   * @param hops the number of hops of the facts
   * @param facts the number of facts
   * @param hop the hop that reaches the entity, from 1; {@code hops} for the answer
   * @param position the token whose state is read off: {@code r1}, {@code r2}, … for relations,
   *     {@code read} for where the model is read, where that is none of them
   * @param decodable the share of facts, in [0, 1], of which the entity, or one of the right ones,
   *     is the most probable candidate
   * @param meanRank the mean rank of the entity, or of the best right one, among the candidates,
   *     from 1
   * @param meanReciprocalRank the mean of one over the rank
   * @param meanProbability the mean probability of the entity among the candidates, or of all right
   *     ones together
   */
  public record Row(
      String type,
      int hops,
      int facts,
      int hop,
      String position,
      ImmutableDoubleArray decodable,
      ImmutableDoubleArray meanRank,
      ImmutableDoubleArray meanReciprocalRank,
      ImmutableDoubleArray meanProbability) {

    /** Returns the first effective layer at which at least a share of the entities is decodable. */
    public OptionalInt firstLayer(double share) {
      return IntStream.range(0, decodable.length())
          .filter(layer -> decodable.get(layer) >= share)
          .findFirst();
    }
  }

  /** Returns the figures as rows, one for each entity, position and effective layer. */
  @Override
  public Table table() {
    return RecordTable.of(
        rows, Row.class, "type", "hops", "facts", "hop", "position", "effective_layer");
  }

  /** Configures a logit-lens run. Immutable; each method returns a changed one. */
  public static final class Run extends Analysis<Run> {
    private final TracedReasoner reasoner;
    private final AtomicFacts atomic;
    private final int iterations;
    private final boolean amongEntities;

    private Run(
        Subject subject,
        TracedReasoner reasoner,
        AtomicFacts atomic,
        int iterations,
        boolean amongEntities) {
      super(subject);
      this.reasoner = reasoner;
      this.atomic = atomic;
      this.iterations = iterations;
      this.amongEntities = amongEntities;
    }

    @Override
    Run with(Subject changed) {
      return new Run(changed, reasoner, atomic, iterations, amongEntities);
    }

    /**
     * Returns this with a number of iterations R.
     *
     * @throws IllegalArgumentException if it is not at least 1
     */
    public Run iterations(int count) {
      checkArgument(count >= 1, "iterations must be at least 1, but are %s", count);
      return new Run(subject(), reasoner, atomic, count, amongEntities);
    }

    /** Returns this with the entities as the only candidates, instead of all tokens. */
    public Run amongEntities() {
      return new Run(subject(), reasoner, atomic, iterations, true);
    }

    /**
     * Runs every query once.
     *
     * @throws IllegalArgumentException if the facts are not of the graph
     */
    public LogitLens run() {
      ImmutableList.Builder<Row> rows = ImmutableList.builder();
      Subject.Counter counter = subject().counter();
      subject().facts().byType().forEach((type, facts) -> rows.addAll(rows(type, facts, counter)));
      return new LogitLens(
          subject()
              .setup(
                  ImmutableMap.of(
                      "iterations",
                      Integer.toString(iterations),
                      "candidates",
                      amongEntities ? "entities" : "all tokens")),
          reasoner.model().effectiveDepth(iterations),
          rows.build());
    }

    private ImmutableList<Row> rows(String type, Facts facts, Subject.Counter counter) {
      ImmutableList<ChainPosition> positions = ChainPosition.of(reasoner.model(), facts.hops());
      ImmutableIntArray candidates = candidates();
      Sums[] sums = new Sums[positions.size()];
      for (int i = 1; i < sums.length; i++) {
        sums[i] = new Sums(reasoner.model().effectiveDepth(iterations) + 1);
      }
      for (Facts batch : TracedBatch.of(facts, reasoner.model(), iterations)) {
        Trace run = reasoner.trace(QueryBatch.of(batch), iterations);
        ImmutableList<ImmutableList<ImmutableIntArray>> ways =
            IntStream.range(0, batch.size())
                .mapToObj(fact -> atomic.ways(batch, fact))
                .collect(ImmutableList.toImmutableList());
        for (int layer = 0; layer <= run.effectiveLayers(); layer++) {
          for (int i = 1; i < sums.length; i++) {
            int hop = Math.min(i, facts.hops());
            float[] logits = reasoner.logits(run.states(layer, positions.get(i).index()));
            for (int fact = 0; fact < batch.size(); fact++) {
              int row = fact * reasoner.vocabulary().size();
              sums[i].add(layer, Standing.ofBest(logits, row, ways.get(fact).get(hop), candidates));
            }
          }
        }
        counter.add(type, batch.size());
      }
      ImmutableList.Builder<Row> rows = ImmutableList.builder();
      for (int i = 1; i < sums.length; i++) {
        rows.add(sums[i].row(type, facts, Math.min(i, facts.hops()), positions.get(i).name()));
      }
      return rows.build();
    }

    private ImmutableIntArray candidates() {
      return amongEntities
          ? atomic.entities()
          : ImmutableIntArray.copyOf(IntStream.range(0, reasoner.vocabulary().size()));
    }
  }

  /** Sums over facts, by effective layer. */
  private static final class Sums {
    private final double[] decodable;
    private final double[] ranks;
    private final double[] reciprocalRanks;
    private final double[] probabilities;

    Sums(int layers) {
      decodable = new double[layers];
      ranks = new double[layers];
      reciprocalRanks = new double[layers];
      probabilities = new double[layers];
    }

    void add(int layer, Standing standing) {
      decodable[layer] += standing.rank() == 1 ? 1 : 0;
      ranks[layer] += standing.rank();
      reciprocalRanks[layer] += 1.0 / standing.rank();
      probabilities[layer] += standing.probability();
    }

    Row row(String type, Facts facts, int hop, String position) {
      return new Row(
          type,
          facts.hops(),
          facts.size(),
          hop,
          position,
          mean(decodable, facts.size()),
          mean(ranks, facts.size()),
          mean(reciprocalRanks, facts.size()),
          mean(probabilities, facts.size()));
    }

    private static ImmutableDoubleArray mean(double[] sums, int facts) {
      ImmutableDoubleArray.Builder means = ImmutableDoubleArray.builder(sums.length);
      for (double sum : sums) {
        means.add(sum / facts);
      }
      return means.build();
    }
  }
}
