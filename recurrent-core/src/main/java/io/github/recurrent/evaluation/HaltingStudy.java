package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Accuracy and number of iterations by type of fact under one or several halting rules (paper,
 * figures 9 and 10). Immutable and thread-safe.
 *
 * @param setup what was answered and how
 * @param rules the halting rules, in words
 * @param rows the figures of each type of fact, in the order of the split, by rule within
 */
public record HaltingStudy(Setup setup, ImmutableList<String> rules, ImmutableList<Row> rows)
    implements Report {
  /** Begins a study on the facts of a split, under the paper's rule unless said otherwise. */
  public static Run of(Reasoner reasoner, Split split) {
    return new Run(
        Subject.of(reasoner, split), ImmutableList.of(Halting.klAndEntropy(0.01, 3).atMost(16)));
  }

  /**
   * Returns the figures under a rule, in the order of the split.
   *
   * @throws IllegalArgumentException if there are none
   */
  public ImmutableList<Row> rows(String rule) {
    checkArgument(rules.contains(rule), "no figures under \"%s\"; the rules are %s", rule, rules);
    return rows.stream()
        .filter(row -> row.rule().equals(rule))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the figures as rows, one for each type of facts and rule. */
  @Override
  public Table table() {
    return RecordTable.of(rows, Row.class, "rule", "type", "hops");
  }

  /** Configures a study. Immutable; each method returns a changed one. */
  public static final class Run extends Analysis<Run> {
    private final ImmutableList<Halting> rules;

    private Run(Subject subject, ImmutableList<Halting> rules) {
      super(subject);
      this.rules = rules;
    }

    @Override
    Run with(Subject changed) {
      return new Run(changed, rules);
    }

    /**
     * Studies the given rules, which replace earlier ones.
     *
     * @throws IllegalArgumentException if there is none, or two are the same in words
     */
    public Run rules(Halting... halting) {
      ImmutableList<Halting> changed = ImmutableList.copyOf(halting);
      check(changed);
      return new Run(subject(), changed);
    }

    /**
     * Answers every query: where it halts under the only rule, or all rules on one trajectory.
     *
     * @throws IllegalArgumentException if there are no facts of some type
     */
    public HaltingStudy run() {
      HaltingCounts counts = new HaltingCounts(rules);
      if (rules.size() > 1) {
        TrajectoryPass.run(subject(), mostIterations(rules), ImmutableList.of(counts));
      } else {
        answer(counts);
      }
      return HaltingStudy.of(subject(), rules, counts);
    }

    /** Lets rows halt, which costs their iterations only, not the most a rule allows. */
    private void answer(HaltingCounts counts) {
      Subject.Counter counter = subject().counter();
      subject()
          .facts()
          .byType()
          .forEach(
              (type, facts) -> {
                counts.begin(type, facts);
                for (FactBatch batch : FactBatch.of(facts, 1)) {
                  counts.read(batch, subject().reasoner().answer(batch.queries(), rules.get(0)));
                  counter.add(type, batch.size());
                }
                counts.end();
              });
    }
  }

  static void check(List<Halting> rules) {
    checkArgument(!rules.isEmpty(), "there is no halting rule to study");
    List<String> words = words(rules);
    for (String rule : words) {
      checkArgument(
          Collections.frequency(words, rule) == 1,
          "rules are told apart by their words, but two are \"%s\"",
          rule);
    }
  }

  static int mostIterations(Collection<Halting> rules) {
    return rules.stream().mapToInt(Halting::atMost).max().orElseThrow();
  }

  private static ImmutableList<String> words(List<Halting> rules) {
    return rules.stream().map(Halting::toString).collect(ImmutableList.toImmutableList());
  }

  static HaltingStudy of(Subject subject, List<Halting> rules, HaltingCounts counts) {
    return new HaltingStudy(
        subject.setup(ImmutableMap.of("halting", String.join("; ", words(rules)))),
        words(rules),
        counts.rows());
  }

  /**
   * The figures of one type of fact under one rule.
   *
   * @param rule the halting rule, in words
   * @param type the type, such as {@code 5hop_test}
   * @param hops the number of hops of the facts
   * @param facts the number of facts
   * @param accuracy the share of facts answered right, in [0, 1]
   * @param meanIterations the mean number of iterations
   * @param medianIterations the median number of iterations
   * @param iterationsStandardDeviation the population standard deviation of the number of
   *     iterations
   * @param minIterations the least number of iterations of a fact
   * @param maxIterations the greatest number of iterations of a fact
   * @param atLimit the share of facts, in [0, 1], that ran as many iterations as the rule allows
   */
  public record Row(
      String rule,
      String type,
      int hops,
      int facts,
      double accuracy,
      double meanIterations,
      double medianIterations,
      @JsonProperty("iterations_deviation") double iterationsStandardDeviation,
      int minIterations,
      int maxIterations,
      double atLimit) {}
}
