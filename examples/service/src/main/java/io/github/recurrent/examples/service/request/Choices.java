package io.github.recurrent.examples.service.request;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.github.recurrent.onnx.Deadline;
import io.github.recurrent.reasoning.Halting;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What a request chooses by its parameters.
 *
 * @param haltings when its queries halt: one for all of them, or one for each
 * @param deadline how long they may take
 */
public record Choices(ImmutableList<Halting> haltings, Deadline deadline) {
  /** The parameter that has the milliseconds that the queries may take. */
  static final String DEADLINE = "deadline_ms";

  private static final double KL = 0.01;

  /** A confident answer has little entropy; this is that of a coin. */
  private static final double ENTROPY = Math.log(2);

  private static final double SHARE = 0.03;
  private static final int STABLE_FOR = 3;
  private static final int MOST_ITERATIONS = 100;

  private static final String FAIL = "fail";
  private static final String ANSWER = "answer";
  private static final ImmutableSet<String> OF_EVERY_RULE =
      ImmutableSet.of("halting", "among_entities", DEADLINE, "on_deadline");

  /** The rules by the names that requests have for them, each with parameters of its own. */
  private enum Rule {
    KL_AND_ENTROPY("at_least", "at_most", "kl", "entropy"),
    KL("at_least", "at_most", "kl"),
    ENTROPY("at_least", "at_most", "entropy"),
    STABLE_ANSWER("at_least", "at_most", "stable_for"),
    HIDDEN_CHANGE("at_least", "at_most", "share"),
    FIXED("iterations");

    private static final ImmutableSet<String> NAMES =
        Arrays.stream(values()).map(Rule::text).collect(ImmutableSet.toImmutableSet());

    private final ImmutableSet<String> known;

    Rule(String... own) {
      known = ImmutableSet.<String>builder().addAll(OF_EVERY_RULE).add(own).build();
    }

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns these choices with a watcher for each query. */
  public Choices watchedBy(List<? extends Halting.Watcher> watchers) {
    return new Choices(
        watchers.stream()
            .map(watcher -> halting().watchedBy(watcher))
            .collect(ImmutableList.toImmutableList()),
        deadline);
  }

  /** Returns when each of some queries halts. */
  public List<Halting> haltings(int queries) {
    return haltings.size() == 1 ? Collections.nCopies(queries, halting()) : haltings;
  }

  /** Returns when the first query halts; the others have the same rule. */
  public Halting halting() {
    return haltings.get(0);
  }

  /** Reads the choices, and refuses parameters that mean nothing. */
  public static Choices of(Parameters parameters, Limits limits) {
    return of(parameters, limits, ImmutableSet.of());
  }

  /**
   * Reads the choices, and refuses parameters that mean nothing.
   *
   * @param others names of parameters that mean something elsewhere
   */
  static Choices of(Parameters parameters, Limits limits, ImmutableSet<String> others) {
    Rule rule =
        Rule.valueOf(
            parameters
                .oneOf("halting", Rule.NAMES, Rule.KL_AND_ENTROPY.text())
                .toUpperCase(Locale.ROOT));
    parameters.requireOnly(Sets.union(rule.known, others), "halting \"" + rule.text() + "\"");
    Halting halting = halting(rule, parameters, limits);
    return new Choices(
        ImmutableList.of(parameters.flag("among_entities") ? halting.amongEntities() : halting),
        deadline(parameters, limits));
  }

  private static Halting halting(Rule rule, Parameters parameters, Limits limits) {
    int most = limits.iterations();
    if (rule == Rule.FIXED) {
      if (!parameters.has("iterations")) {
        throw Fault.bad(parameters.place() + ".iterations is missing, which \"fixed\" needs");
      }
      return Halting.fixed(parameters.integer("iterations", 1, most, 1));
    }
    int atMost = parameters.integer("at_most", 1, most, Math.min(MOST_ITERATIONS, most));
    int atLeast = parameters.integer("at_least", 1, most, 1);
    if (atLeast > atMost) {
      throw Fault.bad(
          parameters.place() + ".at_least is " + atLeast + ", which is above at_most, " + atMost);
    }
    return (switch (rule) {
          case KL_AND_ENTROPY ->
              Halting.klAndEntropy(
                  parameters.positive("kl", KL), parameters.positive("entropy", ENTROPY));
          case KL -> Halting.kl(parameters.positive("kl", KL));
          case ENTROPY -> Halting.entropy(parameters.positive("entropy", ENTROPY));
          case STABLE_ANSWER ->
              Halting.stableAnswer(
                  parameters.integer("stable_for", 2, Math.max(2, most), STABLE_FOR));
          default -> Halting.hiddenChange(parameters.positive("share", SHARE));
        })
        .atMost(atMost)
        .atLeast(atLeast);
  }

  private static Deadline deadline(Parameters parameters, Limits limits) {
    int most = Math.toIntExact(limits.deadline().toMillis());
    Duration time = Duration.ofMillis(parameters.integer(DEADLINE, 1, most, most));
    return parameters.oneOf("on_deadline", ImmutableSet.of(FAIL, ANSWER), FAIL).equals(FAIL)
        ? Deadline.failingAfter(time)
        : Deadline.answeringAfter(time);
  }
}
