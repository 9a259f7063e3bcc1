package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trace;
import io.github.recurrent.reasoning.TracedReasoner;
import io.github.recurrent.reasoning.TracedReasoner.Patch;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Which hidden states an answer hangs on (paper fig. 11): a query is corrupted so that its answer
 * is another one; the corrupted query is run again with the clean query's state of one position
 * after one effective layer; how much of the clean answer comes back?
 *
 * <p>The <em>recovery</em> is (patched − corrupted) / (clean − corrupted), of the probability and
 * of the logit of the clean query's answer at the read position: 0 where the state changes nothing,
 * 1 where it brings all back. Facts of which the corruption takes away too little leave nothing to
 * bring back: they are left out, and the figures say how many are left. A report gives the sum of
 * all facts' numerators over that of their denominators, in which a fact with a small denominator
 * weighs little, and the median of the facts' recoveries.
 *
 * <p>Immutable and thread-safe. Several models go {@link SideBySide}.
 *
 * @param setup what was patched and how
 * @param effectiveLayers the number of effective layers, L·R; the figures begin with the
 *     embeddings, at 0
 * @param rows the figures of each type of facts, in the order of the split
 */
public record ActivationPatching(Setup setup, int effectiveLayers, ImmutableList<Row> rows)
    implements Report {
  /**
   * Checks the figures.
   *
   * @throws IllegalArgumentException if a position does not have one for each effective layer
   */
  public ActivationPatching {
    rows.forEach(row -> row.places().forEach(place -> place.check(effectiveLayers + 1)));
  }

  /**
   * Begins to patch queries of the facts of a split: with as many iterations as the model was
   * trained with at most, another head, seed 42, and facts that lose at least 0.01 of the answer's
   * probability, or 0.1 of its logit, unless said otherwise.
   *
   * @param graph tells which queries have which answers
   * @throws IllegalArgumentException if the graph is not of the model's vocabulary, or has a head
   *     with several tails by a relation
   */
  public static Run of(TracedReasoner reasoner, KnowledgeGraph graph, Split split) {
    return begin(reasoner, AtomicFacts.of(graph, reasoner.vocabulary()).requireOneWay(), split);
  }

  /**
   * Begins to patch queries of the facts of a split, as the other method does.
   *
   * @param atomic all atomic facts of a dataset, which tell which queries have which answers
   * @throws IllegalArgumentException if they have more than one hop, or a query of them has several
   *     answers
   */
  public static Run of(TracedReasoner reasoner, Facts atomic, Split split) {
    return begin(reasoner, AtomicFacts.of(atomic).requireOneWay(), split);
  }

  private static Run begin(TracedReasoner reasoner, AtomicFacts atomic, Split split) {
    return new Run(
        Subject.of(reasoner, split),
        reasoner,
        atomic,
        new Options(reasoner.model().recurrence().max(), Corruption.head(), 42, 0.01, 0.1));
  }

  private record Options(
      int iterations,
      Corruption corruption,
      long seed,
      double leastProbability,
      double leastLogit) {}

  /**
   * Returns the figures of a type of facts.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Row row(String type) {
    return OfType.find(rows, Row::type, type);
  }

  /**
   * The figures of one type of facts.
   *
   * @param type the type, such as {@code test_inferred_ood}
   * @param hops the number of hops of the facts
   * @param facts the number of facts
   * @param corrupted the number of facts that could be corrupted; all others are of these
   * @param probabilityFacts the number that lose enough of the answer's probability
   * @param logitFacts the number that lose enough of its logit
   * @param answeredFacts the number whose clean query is answered right and whose corrupted query
   *     has another answer
   * @param cleanProbability the mean probability of the answer in the clean run; NaN if there is no
   *     fact
   * @param corruptedProbability the same in the corrupted run
   * @param places the figures of each position, in the order of the tokens
   */
  public record Row(
      String type,
      int hops,
      int facts,
      int corrupted,
      int probabilityFacts,
      int logitFacts,
      int answeredFacts,
      double cleanProbability,
      double corruptedProbability,
      @JsonProperty("positions") ImmutableList<Place> places) {
    /**
     * Returns the figures of a position.
     *
     * @param position {@code h}, {@code r1}, {@code r2}, …, or {@code read}
     * @throws IllegalArgumentException if there are none
     */
    public Place place(String position) {
      return places.stream()
          .filter(place -> place.position().equals(position))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no position \"" + position + "\""));
    }
  }

  /**
   * What comes back with the clean states of a position; figures by effective layer, from 0 on, NaN
   * where there is no fact to have them.
   *
   * @param position {@code h} for the head, {@code r1}, {@code r2}, … for relations, {@code read}
   *     for where the model is read, where that is none of them
   * @param probabilityRecovery the recovery of the answer's probability, all facts' sums
   * @param medianProbabilityRecovery the median of the facts' recoveries
   * @param logitRecovery the recovery of the answer's logit, all facts' sums
   * @param medianLogitRecovery the median of the facts' recoveries
   * @param returned the share, in [0, 1], of the answered facts whose most probable token is the
   *     answer again
   */
  public record Place(
      String position,
      ImmutableDoubleArray probabilityRecovery,
      ImmutableDoubleArray medianProbabilityRecovery,
      ImmutableDoubleArray logitRecovery,
      ImmutableDoubleArray medianLogitRecovery,
      ImmutableDoubleArray returned) {
    private void check(int count) {
      Figures.check(count, "probability_recovery", probabilityRecovery);
      Figures.check(count, "median_probability_recovery", medianProbabilityRecovery);
      Figures.check(count, "logit_recovery", logitRecovery);
      Figures.check(count, "median_logit_recovery", medianLogitRecovery);
      Figures.check(count, "returned", returned);
    }
  }

  /** Returns the figures as rows, one for each type, position and effective layer. */
  @Override
  public Table table() {
    return RecordTable.of(
        rows.stream()
            .flatMap(
                row ->
                    row.places().stream()
                        .map(place -> new Line(row.type(), row.hops(), row.facts(), place)))
            .toList(),
        Line.class,
        "type",
        "hops",
        "facts",
        "position",
        "effective_layer");
  }

  private record Line(String type, int hops, int facts, Place place) {}

  /** Configures a patching run. Immutable; each method returns a changed one. */
  public static final class Run extends Analysis<Run> {
    private final TracedReasoner reasoner;
    private final AtomicFacts atomic;
    private final Options options;

    private Run(Subject subject, TracedReasoner reasoner, AtomicFacts atomic, Options options) {
      super(subject);
      this.reasoner = reasoner;
      this.atomic = atomic;
      this.options = options;
    }

    @Override
    Run with(Subject changed) {
      return new Run(changed, reasoner, atomic, options);
    }

    private Run with(Options changed) {
      return new Run(subject(), reasoner, atomic, changed);
    }

    /**
     * Returns this with a number of iterations R.
     *
     * @throws IllegalArgumentException if it is not at least 1
     */
    public Run iterations(int count) {
      checkArgument(count >= 1, "iterations must be at least 1, but are %s", count);
      return with(
          new Options(
              count,
              options.corruption,
              options.seed,
              options.leastProbability,
              options.leastLogit));
    }

    /**
     * Returns this with another corruption. Each fact's is drawn from those that have an answer.
     *
     * @throws IllegalArgumentException if there are facts of too few hops for it
     */
    public Run corrupt(Corruption corruption, long seed) {
      return with(
          new Options(
              options.iterations, corruption, seed, options.leastProbability, options.leastLogit));
    }

    /**
     * Returns this with the least that a corruption must take away of an answer, for the fact to
     * count.
     *
     * @throws IllegalArgumentException unless both are positive
     */
    public Run leastEffect(double probability, double logit) {
      checkArgument(
          probability > 0 && logit > 0,
          "the least effect must be positive, but is %s and %s",
          probability,
          logit);
      return with(
          new Options(options.iterations, options.corruption, options.seed, probability, logit));
    }

    /**
     * Runs every query twice, and again for every position and effective layer.
     *
     * @throws IllegalArgumentException if the facts are not of the graph
     */
    public ActivationPatching run() {
      for (Facts facts : subject().facts().byType().values()) {
        checkArgument(
            options.corruption.fits(facts.hops()),
            "%s cannot be corrupted in facts of %s hops",
            options.corruption,
            facts.hops());
      }
      ImmutableList.Builder<Row> rows = ImmutableList.builder();
      Subject.Counter counter = subject().counter();
      subject().facts().byType().forEach((type, facts) -> rows.add(row(type, facts, counter)));
      return new ActivationPatching(
          subject().setup(settings()),
          reasoner.model().effectiveDepth(options.iterations),
          rows.build());
    }

    private ImmutableMap<String, String> settings() {
      return ImmutableMap.of(
          "iterations", Integer.toString(options.iterations),
          "corruption", options.corruption.toString(),
          "corruption_seed", Long.toString(options.seed),
          "least_probability_lost", Double.toString(options.leastProbability),
          "least_logit_lost", Double.toString(options.leastLogit));
    }

    private Row row(String type, Facts facts, Subject.Counter counter) {
      ImmutableList<ChainPosition> positions = ChainPosition.of(reasoner.model(), facts.hops());
      int layers = reasoner.model().effectiveDepth(options.iterations) + 1;
      Recoveries recoveries =
          new Recoveries(positions.size() * layers, options.leastProbability, options.leastLogit);
      UniformRandomProvider random =
          RandomStream.of(Seed.of(options.seed).child("corruption").child(type));
      for (Facts batch : TracedBatch.of(facts, reasoner.model(), options.iterations)) {
        patch(Pairs.draw(batch, atomic, options.corruption, random), positions, recoveries);
        counter.add(type, batch.size());
      }
      ImmutableList.Builder<Place> places = ImmutableList.builder();
      for (int position = 0; position < positions.size(); position++) {
        int first = position * layers;
        places.add(
            new Place(
                positions.get(position).name(),
                recoveries.probability().recovery(first, layers),
                recoveries.probability().median(first, layers),
                recoveries.logit().recovery(first, layers),
                recoveries.logit().median(first, layers),
                recoveries.returned(first, layers)));
      }
      return new Row(
          type,
          facts.hops(),
          facts.size(),
          recoveries.facts(),
          recoveries.probability().facts(),
          recoveries.logit().facts(),
          recoveries.answeredFacts(),
          recoveries.meanCleanProbability(),
          recoveries.meanCorruptedProbability(),
          places.build());
    }

    private void patch(Pairs pairs, ImmutableList<ChainPosition> positions, Recoveries recoveries) {
      if (pairs.size() == 0) {
        return;
      }
      Trace clean = reasoner.trace(pairs.clean(), options.iterations);
      Trace corrupted = reasoner.trace(pairs.corrupted(), options.iterations);
      int last = clean.effectiveLayers();
      Standing[] without = standings(corrupted, pairs);
      recoveries.begin(standings(clean, pairs), without);
      for (int position = 0; position < positions.size(); position++) {
        int index = positions.get(position).index();
        for (int layer = 0; layer <= last; layer++) {
          Patch patch = Patch.from(clean, layer, index);
          boolean same = Arrays.equals(clean.states(layer, index), corrupted.states(layer, index));
          recoveries.add(
              position * (last + 1) + layer,
              same
                  ? without
                  : standings(reasoner.patched(corrupted, ImmutableList.of(patch)), pairs));
        }
      }
    }

    /** Returns how the answers of the clean queries stand where the rows of a run are read. */
    private Standing[] standings(Trace run, Pairs pairs) {
      int size = reasoner.vocabulary().size();
      float[] logits = reasoner.logits(run.readStates(run.effectiveLayers()));
      ImmutableIntArray all = ImmutableIntArray.copyOf(IntStream.range(0, size));
      Standing[] standings = new Standing[pairs.size()];
      for (int row = 0; row < standings.length; row++) {
        standings[row] = Standing.of(logits, row * size, pairs.answers().get(row), all);
      }
      return standings;
    }
  }

  /**
   * Queries and what they were corrupted to.
   *
   * @param answers the ids of the clean queries' answers
   */
  private record Pairs(
      ImmutableList<Query> cleanQueries,
      ImmutableList<Query> corruptedQueries,
      ImmutableIntArray answers,
      AtomicFacts facts) {
    static Pairs draw(
        Facts batch, AtomicFacts atomic, Corruption corruption, UniformRandomProvider random) {
      ImmutableList.Builder<Query> clean = ImmutableList.builder();
      ImmutableList.Builder<Query> corrupted = ImmutableList.builder();
      ImmutableIntArray.Builder answers = ImmutableIntArray.builder();
      for (int fact = 0; fact < batch.size(); fact++) {
        int[] path = atomic.path(batch, fact);
        Optional<int[]> other = corruption.draw(batch.queryIds(fact), atomic, random);
        if (other.isPresent()) {
          clean.add(batch.query(fact));
          corrupted.add(atomic.query(other.get()));
          answers.add(path[batch.hops()]);
        }
      }
      return new Pairs(clean.build(), corrupted.build(), answers.build(), atomic);
    }

    int size() {
      return answers.length();
    }

    QueryBatch clean() {
      return QueryBatch.of(facts.vocabulary(), cleanQueries);
    }

    QueryBatch corrupted() {
      return QueryBatch.of(facts.vocabulary(), corruptedQueries);
    }
  }

  /**
   * How a query is changed into another one of a different answer: its head is, or the relation of
   * a hop, or both. Immutable and thread-safe.
   */
  public static final class Corruption {
    private final boolean head;

    /** The hop whose relation is changed; 0 for none. */
    private final int hop;

    private Corruption(boolean head, int hop) {
      this.head = head;
      this.hop = hop;
    }

    /** Puts another entity in the place of the head. */
    public static Corruption head() {
      return new Corruption(true, 0);
    }

    /**
     * Puts another relation in the place of that of a hop, counted from 1.
     *
     * @throws IllegalArgumentException if the hop is not at least 1
     */
    public static Corruption relation(int hop) {
      checkArgument(hop >= 1, "hops count from 1, but this is %s", hop);
      return new Corruption(false, hop);
    }

    /** Puts others in the place of the head and of the first relation (paper fig. 11). */
    public static Corruption headAndFirstRelation() {
      return new Corruption(true, 1);
    }

    /** Returns whether it can be made in queries of a number of hops. */
    boolean fits(int hops) {
      return hop <= hops;
    }

    /**
     * Draws one of the queries, all alike, that this makes of one and that have an answer, which is
     * another one, as is the entity that the first hop from the change on reaches.
     *
     * @param query the ids of the head and the relations; they have an answer
     * @return the ids, or nothing if there is none
     */
    Optional<int[]> draw(int[] query, AtomicFacts facts, UniformRandomProvider random) {
      checkState(fits(query.length - 1), "hop %s of a query of %s", hop, query.length - 1);
      int from = Math.max(1, hop);
      int answer = facts.answer(query);
      int bridge = follow(query, from, facts);
      int[] changed = query.clone();
      Optional<int[]> drawn = Optional.empty();
      int found = 0;
      ImmutableIntArray heads = head ? facts.entities() : ImmutableIntArray.of(query[0]);
      ImmutableIntArray relations = hop > 0 ? facts.relations() : ImmutableIntArray.of(query[from]);
      for (int h = 0; h < heads.length(); h++) {
        for (int r = 0; r < relations.length(); r++) {
          changed[0] = heads.get(h);
          changed[from] = relations.get(r);
          if ((head && changed[0] == query[0]) || (hop > 0 && changed[from] == query[from])) {
            continue;
          }
          int other = follow(changed, from, facts);
          if (other == AtomicFacts.NONE || other == bridge) {
            continue;
          }
          int otherAnswer = facts.follow(other, changed, from + 1);
          // The n-th found takes the place of the one kept with probability 1/n.
          if (otherAnswer != AtomicFacts.NONE
              && otherAnswer != answer
              && random.nextInt(++found) == 0) {
            drawn = Optional.of(changed.clone());
          }
        }
      }
      return drawn;
    }

    private static int follow(int[] query, int hops, AtomicFacts facts) {
      return facts.answer(Arrays.copyOf(query, hops + 1));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Corruption that && head == that.head && hop == that.hop;
    }

    @Override
    public int hashCode() {
      return Objects.hash(head, hop);
    }

    /** Returns what is changed, such as {@code head and r1}. */
    @Override
    public String toString() {
      return (head ? "head" : "") + (head && hop > 0 ? " and " : "") + (hop > 0 ? "r" + hop : "");
    }
  }
}
