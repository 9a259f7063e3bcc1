package io.github.recurrent.examples.programs;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.HaltingStudy;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a trained model can do: its accuracy by hops and iterations, the same where it halts by
 * itself, and some answers iteration by iteration.
 */
record Findings(DepthSweep sweep, HaltingStudy adaptive, ImmutableList<AnswerSteps> answers) {
  static final ImmutableList<Integer> SHOWN =
      ImmutableList.of(1, 2, 3, 5, 8, 12, 20, 30, 40, 60, 100);

  static Findings of(
      Reasoner reasoner,
      Split facts,
      int mostIterations,
      Halting halting,
      Collection<Facts> shown) {
    return new Findings(
        DepthSweep.of(reasoner, facts).iterations(1, mostIterations).run(),
        HaltingStudy.of(reasoner, facts).rules(halting).run(),
        shown.stream()
            .map(some -> AnswerSteps.of(reasoner, some, halting))
            .collect(ImmutableList.toImmutableList()));
  }

  /** Returns the names of the columns of the first table. */
  ImmutableList<String> columns() {
    return Stream.concat(Stream.of("hops"), SHOWN.stream().map(iterations -> "r = " + iterations))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns both tables side by side, and then a line for each answer, within 80 columns. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("      accuracy after so many iterations");
    text.append(" ".repeat(5 + 5 * SHOWN.size() - text.length()))
        .append(" | by itself, after\nhops");
    SHOWN.forEach(iterations -> text.append(String.format(Locale.ROOT, "%5d", iterations)));
    text.append("  | acc.  mean  max\n");
    ImmutableList<HaltingStudy.Row> halted = adaptive.rows();
    for (int index = 0; index < halted.size(); index++) {
      DepthSweep.Row row = sweep.rows().get(index);
      text.append(String.format(Locale.ROOT, "%4d", row.hops()));
      SHOWN.forEach(
          iterations -> text.append(String.format(Locale.ROOT, "%5.2f", row.accuracy(iterations))));
      text.append(
          String.format(
              Locale.ROOT,
              "  | %4.2f %5.1f %4d%n",
              halted.get(index).accuracy(),
              halted.get(index).meanIterations(),
              halted.get(index).maxIterations()));
    }
    answers.forEach(answer -> text.append(String.format("%n%s", answer)));
    return text.toString();
  }
}
