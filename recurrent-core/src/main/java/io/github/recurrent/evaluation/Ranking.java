package io.github.recurrent.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How high a model ranks the right answers among all entities, by type of facts: hits@1, hits@3,
 * hits@10 and the mean reciprocal rank, <em>filtered</em> as is usual for knowledge graphs, beside
 * those of a guess by frequency.
 *
 * <p>The rank of a right answer is its place among the entities that are not right answers, so that
 * other right answers do not count against it. Among equals it has the mean of their places, so
 * that a model that cannot tell entities apart does not hit by chance. The figures of a query are
 * the means over its right answers, and those of a type the means over its queries.
 *
 * <p>The guess by frequency knows no head: it ranks entities by how often they are answers of
 * training facts that end in the same relation. A model that is not better has learned no more.
 *
 * <p>Immutable and thread-safe. Several models go {@link SideBySide}.
 *
 * @param setup what was answered and how
 * @param rows the figures of each type of facts, in the order of the split
 */
public record Ranking(Setup setup, ImmutableList<Row> rows) implements Report {
  /**
   * Begins to rank the answers to the facts of a split, under the paper's halting rule, without a
   * guess by frequency, and all right answers, unless said otherwise.
   */
  public static Run of(Reasoner reasoner, Split split) {
    return new Run(
        Subject.of(reasoner, split),
        Halting.klAndEntropy(0.01, 3).atMost(16),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Returns the figures of a type of facts.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Row row(String type) {
    return OfType.find(rows, Row::type, type);
  }

  /** Returns the figures as rows, one for each type of facts. */
  @Override
  public Table table() {
    return RecordTable.of(rows, Row.class, "type", "hops");
  }

  /**
   * The figures of one type of facts; NaN where there is no fact, and those of the guess also where
   * no training facts were given.
   *
   * @param type the type, such as {@code 2hop_test}
   * @param hops the number of hops of the facts
   * @param facts the number of facts, without those that have no answer to rank
   * @param meanAnswers the mean number of answers of a query that are ranked
   * @param hitsAt1 the share of answers, in [0, 1], whose rank is 1
   * @param hitsAt3 the share whose rank is at most 3
   * @param hitsAt10 the share whose rank is at most 10
   * @param meanReciprocalRank the mean of one over the rank, in (0, 1]
   * @param guessHitsAt1 the same of the guess by frequency
   * @param guessHitsAt3 the same of the guess by frequency
   * @param guessHitsAt10 the same of the guess by frequency
   * @param guessMeanReciprocalRank the same of the guess by frequency
   */
  public record Row(
      String type,
      int hops,
      int facts,
      double meanAnswers,
      @JsonProperty("hits_at_1") double hitsAt1,
      @JsonProperty("hits_at_3") double hitsAt3,
      @JsonProperty("hits_at_10") double hitsAt10,
      double meanReciprocalRank,
      @JsonProperty("guess_hits_at_1") double guessHitsAt1,
      @JsonProperty("guess_hits_at_3") double guessHitsAt3,
      @JsonProperty("guess_hits_at_10") double guessHitsAt10,
      double guessMeanReciprocalRank) {}

  /** Configures a ranking. Immutable; each method returns a changed one. */
  public static final class Run extends Analysis<Run> {
    private final Halting halting;
    private final Optional<AnswerFrequencies> frequencies;
    private final Optional<KnownAnswers> known;

    private Run(
        Subject subject,
        Halting halting,
        Optional<AnswerFrequencies> frequencies,
        Optional<KnownAnswers> known) {
      super(subject);
      this.halting = halting;
      this.frequencies = frequencies;
      this.known = known;
    }

    @Override
    Run with(Subject changed) {
      return new Run(changed, halting, frequencies, known);
    }

    /** Answers queries where they halt under another rule. */
    public Run halting(Halting rule) {
      return new Run(subject(), rule, frequencies, known);
    }

    /**
     * Also ranks by frequency: by how many of some training facts, whatever their number of hops,
     * end in the same relation and have the answer. These facts replace earlier ones.
     *
     * @throws IllegalArgumentException if they are of another vocabulary than the model
     */
    public Run guessingFrom(Collection<Facts> trained) {
      return new Run(
          subject(),
          halting,
          Optional.of(AnswerFrequencies.of(trained, subject().reasoner().vocabulary())),
          known);
    }

    /**
     * Ranks only <em>hard</em> answers, to which a graph such as that of the training facts does
     * not lead. The others are still right, and do not count against these; facts without a hard
     * answer are left out.
     *
     * @throws IllegalArgumentException if the model's vocabulary lacks a name of the graph
     */
    public Run hardAnswers(KnowledgeGraph graph) {
      return new Run(
          subject(),
          halting,
          frequencies,
          Optional.of(KnownAnswers.of(graph, subject().reasoner().vocabulary())));
    }

    /**
     * Answers every query once.
     *
     * @throws IllegalArgumentException if there are no facts of some type
     */
    public Ranking run() {
      ImmutableList.Builder<Row> rows = ImmutableList.builder();
      Subject.Counter counter = subject().counter();
      subject().facts().byType().forEach((type, facts) -> rows.add(row(type, facts, counter)));
      return new Ranking(
          subject()
              .setup(
                  ImmutableMap.of(
                      "halting",
                      halting.toString(),
                      "answers",
                      known.isPresent() ? "those beyond a known graph" : "all")),
          rows.build());
    }

    private Row row(String type, Facts facts, Subject.Counter counter) {
      RankSums model = new RankSums();
      RankSums guess = new RankSums();
      // A distribution takes four times the memory of the logits of an iteration.
      for (FactBatch batch : FactBatch.of(facts, 4)) {
        List<Answer> answers = subject().reasoner().answer(batch.queries(), halting);
        List<RowRanks> ranks =
            IntStream.range(0, batch.size())
                .parallel()
                .mapToObj(row -> ranks(batch, row, answers.get(row)))
                .toList();
        // In the order of the rows: sums do not depend on the number of threads.
        for (RowRanks row : ranks) {
          model.add(row.model());
          row.guess().ifPresent(guess::add);
        }
        counter.add(type, batch.size());
      }
      return new Row(
          type,
          facts.hops(),
          model.queries(),
          model.meanAnswers(),
          model.hitsAt1(),
          model.hitsAt3(),
          model.hitsAt10(),
          model.meanReciprocalRank(),
          guess.hitsAt1(),
          guess.hitsAt3(),
          guess.hitsAt10(),
          guess.meanReciprocalRank());
    }

    private record RowRanks(FilteredRanks model, Optional<FilteredRanks> guess) {}

    private RowRanks ranks(FactBatch batch, int row, Answer answer) {
      FilteredRanks.Candidates candidates =
          new FilteredRanks.Candidates(
              subject().reasoner().vocabulary(),
              batch.answerIds(row),
              known
                  .map(graph -> graph.without(batch.queryIds(row), batch.answerIds(row)))
                  .orElseGet(() -> batch.answerIds(row)));
      int[] query = batch.queryIds(row);
      return new RowRanks(
          FilteredRanks.of(candidates, answer.distribution()::logProbability),
          frequencies.map(
              counts ->
                  FilteredRanks.of(candidates, counts.ofRelation(query[query.length - 1])::of)));
    }
  }
}
