package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * How much the answer to a chain hangs on each of its tokens, counted from the end, in the model
 * and in the graph (paper app. B and K).
 *
 * <p>Where relations are not permutations, chains that end in the same relations come together: the
 * last few decide the answer, and a model that attends to them alone seems to answer chains of any
 * length. Where they are permutations, every token decides. Two interventions on the tokens, which
 * are patches of the embeddings, show it, on the facts that the model answers right: one token is
 * replaced, and everything before the last m relations is drawn anew. The true answers of the same
 * changed queries are what the model is compared with.
 *
 * <p>Immutable and thread-safe. Several models, or graphs, go {@link SideBySide}.
 *
 * @param setup what was studied and how
 * @param rows the figures of each type of facts, in the order of the split
 */
public record ShortcutStudy(Setup setup, ImmutableList<Row> rows) implements Report {
  private static final int MOST_QUERIES = 1024;

  /**
   * Begins to study the facts of a split, with as many iterations as the model was trained with at
   * most, and seed 42, unless said otherwise.
   *
   * @param graph tells which queries have which answers
   * @throws IllegalArgumentException if the graph is not of the model's vocabulary, or has a head
   *     with several tails by a relation
   */
  public static Run of(Reasoner reasoner, KnowledgeGraph graph, Split split) {
    return begin(reasoner, AtomicFacts.of(graph, reasoner.vocabulary()).requireOneWay(), split);
  }

  /**
   * Begins to study the facts of a split, as the other method does.
   *
   * @param atomic all atomic facts of a dataset, which tell which queries have which answers
   * @throws IllegalArgumentException if they have more than one hop, or a query of them has several
   *     answers
   */
  public static Run of(Reasoner reasoner, Facts atomic, Split split) {
    return begin(reasoner, AtomicFacts.of(atomic).requireOneWay(), split);
  }

  private static Run begin(Reasoner reasoner, AtomicFacts atomic, Split split) {
    return new Run(
        Subject.of(reasoner, split),
        atomic,
        Halting.fixed(reasoner.model().recurrence().max()),
        42);
  }

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
   * @param type the type, such as {@code 20hop_test}
   * @param hops the number of hops of the facts
   * @param facts the number of facts
   * @param answered the number that the model answers right; all others are of these
   * @param replaced what comes of replacing one token, the last relation first, the head last
   * @param kept what comes of keeping the last 0, 1, …, {@code hops} relations
   */
  public record Row(
      String type,
      int hops,
      int facts,
      int answered,
      ImmutableList<Replaced> replaced,
      ImmutableList<Kept> kept) {
    /**
     * Returns the least number of last relations that decide the model's answer in at least a share
     * of the facts, whatever comes before; none do if even the head matters.
     */
    public OptionalInt decidingRelations(double share) {
      return kept.stream()
          .filter(one -> one.modelKeeps() >= share)
          .mapToInt(Kept::relations)
          .findFirst();
    }
  }

  /**
   * What comes of putting another token in the place of one, so that the query has an answer.
   *
   * @param fromEnd which token: 1 for the last relation, {@code hops} for the first, {@code hops +
   *     1} for the head
   * @param facts the number of facts in which it can be replaced
   * @param modelChanges the share of these, in [0, 1], whose answer by the model is another one;
   *     NaN if there is no fact
   * @param graphChanges the share whose true answer is another one
   * @param modelRight the share whose true answer, another one or not, the model gives
   * @param probabilityLost the mean loss of the first answer's probability
   */
  public record Replaced(
      int fromEnd,
      int facts,
      double modelChanges,
      double graphChanges,
      double modelRight,
      double probabilityLost) {}

  /**
   * What comes of drawing everything anew but the last relations: a random head, and random facts
   * from there, of chains that have an answer.
   *
   * @param relations the number of relations that are kept
   * @param facts the number of facts
   * @param modelKeeps the share of these, in [0, 1], whose answer by the model is the same; NaN if
   *     there is no fact
   * @param graphKeeps the share whose true answer is the same
   * @param modelRight the share whose true answer, the same or not, the model gives
   * @param graphExpects the mean probability that the true answer is the same, over all that may be
   *     drawn; from the graph alone
   */
  public record Kept(
      int relations,
      int facts,
      double modelKeeps,
      double graphKeeps,
      double modelRight,
      double graphExpects) {}

  /**
   * Returns the figures as rows: for each type, the {@code replaced} tokens by their place from the
   * end, then the {@code kept} relations by their number.
   */
  @Override
  public Table table() {
    Table.Builder table =
        Table.keys("type", "hops", "intervention", "number")
            .figures(
                "facts",
                "model_same",
                "graph_same",
                "model_right",
                "graph_expects",
                "probability_lost");
    for (Row row : rows) {
      for (Replaced one : row.replaced()) {
        table.row(
            ImmutableList.of(row.type(), row.hops(), "replaced", one.fromEnd()),
            one.facts(),
            1 - one.modelChanges(),
            1 - one.graphChanges(),
            one.modelRight(),
            Double.NaN,
            one.probabilityLost());
      }
      for (Kept one : row.kept()) {
        table.row(
            ImmutableList.of(row.type(), row.hops(), "kept", one.relations()),
            one.facts(),
            one.modelKeeps(),
            one.graphKeeps(),
            one.modelRight(),
            one.graphExpects(),
            Double.NaN);
      }
    }
    return table.build();
  }

  /** Configures a study. Immutable; each method returns a changed one. */
  public static final class Run extends Analysis<Run> {
    private final AtomicFacts atomic;
    private final Halting halting;
    private final long seed;

    private Run(Subject subject, AtomicFacts atomic, Halting halting, long seed) {
      super(subject);
      this.atomic = atomic;
      this.halting = halting;
      this.seed = seed;
    }

    @Override
    Run with(Subject changed) {
      return new Run(changed, atomic, halting, seed);
    }

    /** Returns this with another halting rule, such as another number of iterations. */
    public Run halting(Halting rule) {
      return new Run(subject(), atomic, rule, seed);
    }

    /** Returns this with another seed of what tokens are replaced by. */
    public Run seed(long root) {
      return new Run(subject(), atomic, halting, root);
    }

    /**
     * Answers every query, and those that are answered right again with every change.
     *
     * @throws IllegalArgumentException if the facts are not of the graph
     */
    public ShortcutStudy run() {
      ImmutableList.Builder<Row> rows = ImmutableList.builder();
      Subject.Counter counter = subject().counter();
      subject().facts().byType().forEach((type, facts) -> rows.add(row(type, facts, counter)));
      return new ShortcutStudy(
          subject()
              .setup(ImmutableMap.of("halting", halting.toString(), "seed", Long.toString(seed))),
          rows.build());
    }

    private Row row(String type, Facts facts, Subject.Counter counter) {
      checkArgument(facts.size() > 0, "no facts of %s hops to evaluate on", facts.hops());
      int hops = facts.hops();
      UniformRandomProvider random = RandomStream.of(Seed.of(seed).child("shortcut").child(type));
      RandomPrefixes prefixes = new RandomPrefixes(atomic, hops);
      Changes[] replaced = new Changes[hops + 1];
      Changes[] kept = new Changes[hops + 1];
      for (int i = 0; i <= hops; i++) {
        replaced[i] = new Changes();
        kept[i] = new Changes();
      }
      int answered = 0;
      int most = Math.max(1, MOST_QUERIES / (hops + 1));
      for (int from = 0; from < facts.size(); from += most) {
        Facts batch = facts.subList(from, Math.min(facts.size(), from + most));
        List<Changed> changed = new ArrayList<>();
        List<Answer> answers = answers(queries(batch));
        for (int fact = 0; fact < batch.size(); fact++) {
          atomic.path(batch, fact);
          if (answers.get(fact).tokenId() == batch.answerId(fact)) {
            answered++;
            double sure = answers.get(fact).probability();
            change(batch.queryIds(fact), sure, replaced, kept, prefixes, random, changed);
          }
        }
        List<Query> queries = new ArrayList<>();
        changed.forEach(one -> queries.add(atomic.query(one.query().toArray())));
        List<Answer> changedAnswers = answers(queries);
        for (int i = 0; i < changed.size(); i++) {
          changed.get(i).count(changedAnswers.get(i), atomic);
        }
        counter.add(type, batch.size());
      }
      ImmutableList.Builder<Replaced> tokens = ImmutableList.builder();
      ImmutableList.Builder<Kept> relations = ImmutableList.builder();
      for (int i = 0; i <= hops; i++) {
        tokens.add(replaced[i].replaced(i + 1));
        relations.add(kept[i].kept(i));
      }
      return new Row(type, hops, facts.size(), answered, tokens.build(), relations.build());
    }

    /** Adds all changes of a query. */
    private void change(
        int[] query,
        double sure,
        Changes[] replaced,
        Changes[] kept,
        RandomPrefixes prefixes,
        UniformRandomProvider random,
        List<Changed> changed) {
      int answer = atomic.answer(query);
      for (int position = 0; position < query.length; position++) {
        int[] other = replace(query, position, random);
        if (other.length > 0) {
          changed.add(
              new Changed(
                  ImmutableIntArray.copyOf(other),
                  answer,
                  sure,
                  replaced[query.length - 1 - position]));
        }
      }
      RandomPrefixes.Chain chain = prefixes.of(query);
      for (int relations = 0; relations < query.length; relations++) {
        if (relations > 0) {
          chain.keepOneMore();
        }
        kept[relations].expect(chain.sameAnswer());
        changed.add(
            new Changed(
                ImmutableIntArray.copyOf(chain.draw(random)), answer, sure, kept[relations]));
      }
    }

    /** Returns the query with another token at a position; nothing if none has an answer. */
    private int[] replace(int[] query, int position, UniformRandomProvider random) {
      int[] changed = query.clone();
      int[] drawn = {};
      int found = 0;
      for (int id : (position == 0 ? atomic.entities() : atomic.relations()).toArray()) {
        changed[position] = id;
        // The n-th found takes the place of the one kept with probability 1/n.
        if (id != query[position]
            && atomic.answer(changed) != AtomicFacts.NONE
            && random.nextInt(++found) == 0) {
          drawn = changed.clone();
        }
      }
      return drawn;
    }

    private List<Query> queries(Facts batch) {
      List<Query> queries = new ArrayList<>();
      for (int fact = 0; fact < batch.size(); fact++) {
        queries.add(batch.query(fact));
      }
      return queries;
    }

    private List<Answer> answers(List<Query> queries) {
      List<Answer> answers = new ArrayList<>();
      for (int from = 0; from < queries.size(); from += MOST_QUERIES) {
        answers.addAll(
            subject()
                .reasoner()
                .answer(
                    queries.subList(from, Math.min(queries.size(), from + MOST_QUERIES)), halting));
      }
      return answers;
    }
  }

  /**
   * A changed query.
   *
   * @param answer the id of the answer before the change
   * @param sure the probability that the model gave it
   */
  private record Changed(ImmutableIntArray query, int answer, double sure, Changes changes) {
    void count(Answer found, AtomicFacts facts) {
      int truth = facts.answer(query.toArray());
      changes.facts++;
      changes.modelSame += found.tokenId() == answer ? 1 : 0;
      changes.graphSame += truth == answer ? 1 : 0;
      changes.modelRight += found.tokenId() == truth ? 1 : 0;
      changes.probabilityLost += sure - found.distribution().probability(answer);
    }
  }

  /** Counts over facts that were changed alike. */
  private static final class Changes {
    private int facts;
    private int modelSame;
    private int graphSame;
    private int modelRight;
    private double probabilityLost;
    private double expected;

    void expect(double same) {
      expected += same;
    }

    Replaced replaced(int fromEnd) {
      return new Replaced(
          fromEnd,
          facts,
          1 - share(modelSame),
          1 - share(graphSame),
          share(modelRight),
          share(probabilityLost));
    }

    Kept kept(int relations) {
      return new Kept(
          relations, facts, share(modelSame), share(graphSame), share(modelRight), share(expected));
    }

    private double share(double sum) {
      return sum / facts;
    }
  }
}
