package io.github.recurrent.dataset;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import com.google.common.primitives.ImmutableIntArray;
import com.google.errorprone.annotations.FormatMethod;
import java.util.BitSet;
import java.util.Locale;
import java.util.Map;

/**
 * What a dataset holds, and whether training on it can work: to be read before hours of training.
 * {@link #toString} gives all of it as lines of text. Immutable and thread-safe.
 *
 * @param entities the number of entities of the vocabulary
 * @param relations the number of relations of the vocabulary
 * @param degrees how the atomic facts connect the entities
 * @param rows the facts by their number of hops, the atomic facts first
 * @param ratio φ, the number of training facts of the fewest hops beyond one, which is 2 in most
 *     datasets, for each atomic fact that they are composed of
 * @param warnings what stands against the training, in plain sentences; empty if nothing does
 */
public record DatasetSummary(
    int entities,
    int relations,
    Degrees degrees,
    ImmutableList<Row> rows,
    double ratio,
    ImmutableList<String> warnings) {
  /** The least φ of the paper. Its others are 5.4, 7.2, 9, 12.6 and 18. */
  public static final double LEAST_RATIO = 3.6;

  private static final String PUBLISHED_RATIOS = "3.6, 5.4, 7.2, 9, 12.6 and 18";

  /** A relation in fewer training facts can hardly be learned. */
  private static final int FEW_FACTS = 20;

  /** Above so many right answers a query, telling them from the others says little. */
  private static final double MANY_ANSWERS = 10;

  private static final double HIGH_BASELINE = 0.5;

  /**
   * How the atomic facts connect the entities.
   *
   * @param facts the number of pairs of a head and a relation, each of which is one atomic fact
   * @param ambiguous how many of them have several tails
   * @param meanOut the mean number of tails of an entity that is a head
   * @param maxOut the greatest number of tails of an entity
   * @param maxIn the greatest number of atomic facts that have one entity among their tails
   * @param deadEnds the number of entities that are tails but no heads, where every walk ends
   * @param isolated the number of entities in no atomic fact
   */
  public record Degrees(
      int facts,
      int ambiguous,
      double meanOut,
      int maxOut,
      int maxIn,
      int deadEnds,
      int isolated) {}

  /**
   * The facts of one number of hops.
   *
   * @param trained the number of facts to train on
   * @param heldOut the number of held-out facts
   * @param meanAnswers the mean number of right answers to a query of all these facts
   * @param maxAnswers the greatest number of right answers to one of the queries
   * @param mostFrequent the accuracy on the held-out facts, or on those to train on if none are
   *     held out, of always answering what training facts of as many hops answer most often; where
   *     these have more than 16,777,216 right answers, by those of one of every few facts
   * @param mostFrequentOfRelation the same of answering what training facts with the same last
   *     relation answer most often
   */
  public record Row(
      int hops,
      int trained,
      int heldOut,
      double meanAnswers,
      int maxAnswers,
      double mostFrequent,
      double mostFrequentOfRelation) {

    private static Row of(Facts train, ImmutableList<Facts> heldOut) {
      long facts = 0;
      double answers = 0;
      int maxAnswers = 0;
      for (Facts some : Iterables.concat(ImmutableList.of(train), heldOut)) {
        for (int fact = 0; fact < some.size(); fact++) {
          answers += some.answers(fact);
          maxAnswers = Math.max(maxAnswers, some.answers(fact));
        }
        facts += some.size();
      }
      int held = heldOut.stream().mapToInt(Facts::size).sum();
      double overall = 0;
      double ofRelation = 0;
      int judged = 0;
      FrequentAnswers frequent = new FrequentAnswers(train);
      for (Facts some : held == 0 ? ImmutableList.of(train) : heldOut) {
        overall += frequent.accuracyOverall(some) * some.size();
        ofRelation += frequent.accuracyByRelation(some) * some.size();
        judged += some.size();
      }
      return new Row(
          train.hops(),
          train.size(),
          held,
          facts == 0 ? 0 : answers / facts,
          maxAnswers,
          judged == 0 ? 0 : overall / judged,
          judged == 0 ? 0 : ofRelation / judged);
    }
  }

  /** Summarizes a dataset; takes time in proportion to its size. */
  public static DatasetSummary of(MultiHopDataset data) {
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    rows.add(Row.of(data.atomic(), ImmutableList.of()));
    long[] uses = new long[data.vocabulary().size()];
    for (int hops = data.minHops(); hops <= data.maxHops(); hops++) {
      if (data.hasTrain(hops)) {
        Facts train = data.train(hops);
        countRelations(train, uses);
        rows.add(Row.of(train, heldOut(data.test(), hops)));
      }
    }
    return of(data.atomic(), rows.build(), data.train(data.minHops()), uses);
  }

  /** Summarizes a dataset; takes time in proportion to its size. */
  public static DatasetSummary of(CompositionDataset data) {
    long[] uses = new long[data.vocabulary().size()];
    countRelations(data.inferred(), uses);
    ImmutableList<Row> rows =
        ImmutableList.of(
            Row.of(data.atomic(), ImmutableList.of()),
            Row.of(data.inferred(), heldOut(data.test(), 2)));
    return of(data.atomic(), rows, data.inferred(), uses);
  }

  private static ImmutableList<Facts> heldOut(Split test, int hops) {
    ImmutableList.Builder<Facts> heldOut = ImmutableList.builder();
    for (Map.Entry<String, Facts> entry : test.byType().entrySet()) {
      if (Split.isHeldOut(entry.getKey()) && entry.getValue().hops() == hops) {
        heldOut.add(entry.getValue());
      }
    }
    return heldOut.build();
  }

  private static void countRelations(Facts facts, long[] uses) {
    for (int fact = 0; fact < facts.size(); fact++) {
      for (int hop = 1; hop <= facts.hops(); hop++) {
        uses[facts.queryId(fact, hop)]++;
      }
    }
  }

  private static DatasetSummary of(
      Facts atomic, ImmutableList<Row> rows, Facts leastInferred, long[] uses) {
    Vocabulary vocabulary = atomic.vocabulary();
    int composed = new ComposedFacts(atomic).count(leastInferred);
    double ratio = composed == 0 ? 0 : (double) leastInferred.size() / composed;
    Degrees degrees = degrees(atomic);
    return new DatasetSummary(
        vocabulary.entities(),
        vocabulary.relations(),
        degrees,
        rows,
        ratio,
        warnings(rows, ratio, vocabulary, uses));
  }

  private static Degrees degrees(Facts atomic) {
    int[] out = new int[atomic.vocabulary().size()];
    int[] in = new int[atomic.vocabulary().size()];
    int ambiguous = 0;
    long tails = 0;
    for (int fact = 0; fact < atomic.size(); fact++) {
      ImmutableIntArray answers = atomic.answerIds(fact);
      out[atomic.queryId(fact, 0)] += answers.length();
      ambiguous += answers.length() > 1 ? 1 : 0;
      tails += answers.length();
      for (int answer = 0; answer < answers.length(); answer++) {
        in[answers.get(answer)]++;
      }
    }
    BitSet heads = new BitSet();
    int maxOut = 0;
    int maxIn = 0;
    int deadEnds = 0;
    int isolated = 0;
    for (int entity = 0; entity < atomic.vocabulary().entities(); entity++) {
      int id = atomic.vocabulary().entityId(entity);
      maxOut = Math.max(maxOut, out[id]);
      maxIn = Math.max(maxIn, in[id]);
      heads.set(id, out[id] > 0);
      deadEnds += out[id] == 0 && in[id] > 0 ? 1 : 0;
      isolated += out[id] == 0 && in[id] == 0 ? 1 : 0;
    }
    return new Degrees(
        atomic.size(),
        ambiguous,
        heads.isEmpty() ? 0 : (double) tails / heads.cardinality(),
        maxOut,
        maxIn,
        deadEnds,
        isolated);
  }

  private static ImmutableList<String> warnings(
      ImmutableList<Row> rows, double ratio, Vocabulary vocabulary, long[] uses) {
    ImmutableList.Builder<String> warnings = ImmutableList.builder();
    if (ratio < LEAST_RATIO) {
      warnings.add(
          line(
              "There are only %.2f training facts of %d hops for each atomic fact that they are"
                  + " composed of. The paper's models generalize from %s up; ask for more training"
                  + " facts, or take a denser graph.",
              ratio, rows.get(Math.min(1, rows.size() - 1)).hops(), LEAST_RATIO));
    }
    int few = 0;
    String example = "";
    for (int relation = 0; relation < vocabulary.relations(); relation++) {
      int id = vocabulary.relationId(relation);
      if (uses[id] < FEW_FACTS) {
        example = few++ == 0 ? vocabulary.token(id) + " in " + uses[id] : example;
      }
    }
    if (few > 0) {
      warnings.add(
          line(
              "%d of %d relations are in fewer than %d training facts of several hops, such as %s."
                  + " They can hardly be learned.",
              few, vocabulary.relations(), FEW_FACTS, example));
    }
    for (Row row : rows.subList(1, rows.size())) {
      if (row.heldOut() == 0) {
        warnings.add(line("No facts of %d hops are held out to test on.", row.hops()));
      }
      if (row.meanAnswers() > MANY_ANSWERS) {
        warnings.add(
            line(
                "A query of %d hops has %.1f right answers on average. Consider a limit such as"
                    + " maxAnswers(3).",
                row.hops(), row.meanAnswers()));
      }
      if (row.mostFrequentOfRelation() > HIGH_BASELINE) {
        warnings.add(
            line(
                "The most frequent answer of the last relation is right for %.0f%% of the facts of"
                    + " %d hops. Only a higher accuracy shows any reasoning.",
                100 * row.mostFrequentOfRelation(), row.hops()));
      }
    }
    return warnings.build();
  }

  @FormatMethod
  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Returns lines of text: the graph, the facts of each number of hops, φ, and the warnings. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        line(
            "%d entities, %d relations, %d atomic facts, %d of them with several answers%n",
            entities, relations, degrees.facts(), degrees.ambiguous()));
    text.append(
        line(
            "An entity leads to %.1f others on average, at most %d, and is led to by at most %d"
                + " facts; %d dead ends, %d entities without facts%n",
            degrees.meanOut(),
            degrees.maxOut(),
            degrees.maxIn(),
            degrees.deadEnds(),
            degrees.isolated()));
    text.append(
        line(
            "%4s %10s %10s %13s %12s %14s %15s%n",
            "hops",
            "to train",
            "held out",
            "answers mean",
            "answers max",
            "most frequent",
            "... of relation"));
    for (Row row : rows) {
      text.append(
          line(
              "%4d %10d %10d %13.1f %12d %14.3f %15.3f%n",
              row.hops(),
              row.trained(),
              row.heldOut(),
              row.meanAnswers(),
              row.maxAnswers(),
              row.mostFrequent(),
              row.mostFrequentOfRelation()));
    }
    text.append(line("φ = %.2f; the paper's are %s", ratio, PUBLISHED_RATIOS));
    for (String warning : warnings) {
      text.append(line("%nWarning: %s", warning));
    }
    return text.toString();
  }
}
