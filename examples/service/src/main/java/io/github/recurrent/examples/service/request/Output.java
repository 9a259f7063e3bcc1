package io.github.recurrent.examples.service.request;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.recurrent.reasoning.Answer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a model can give for the queries of a request, as a tensor with a row for each of them. */
public enum Output {
  ANSWER("BYTES", false),
  PROBABILITY("FP32", false),
  ITERATIONS("INT32", false),
  CAUSE("BYTES", false),
  /** The most probable tokens, best first. */
  TOP_TOKENS("BYTES", true),
  TOP_PROBABILITIES("FP32", true),
  /** Natural logarithms of the probabilities of all tokens, in the order of their ids. */
  LOG_PROBABILITIES("FP32", true),
  /** The most probable token after each iteration, and "" after the last. */
  TRAJECTORY_ANSWER("BYTES", true),
  /** The probability of that token, and 0 after the last iteration. */
  TRAJECTORY_PROBABILITY("FP32", true);

  /** What is given to those who name nothing. */
  public static final ImmutableList<Output> UNASKED =
      ImmutableList.of(ANSWER, PROBABILITY, ITERATIONS, CAUSE);

  private static final ImmutableSet<Output> TOP = ImmutableSet.of(TOP_TOKENS, TOP_PROBABILITIES);
  private static final ImmutableSet<Output> TRAJECTORY =
      ImmutableSet.of(TRAJECTORY_ANSWER, TRAJECTORY_PROBABILITY);

  private final String datatype;
  private final boolean hasColumns;

  Output(String datatype, boolean hasColumns) {
    this.datatype = datatype;
    this.hasColumns = hasColumns;
  }

  /** Returns why a query halted, as answers say it. */
  public static String cause(Answer answer) {
    return answer.cause().name().toLowerCase(Locale.ROOT);
  }

  /** Returns the output that a request names. */
  public static Optional<Output> named(String name) {
    return Arrays.stream(values()).filter(output -> output.text().equals(name)).findFirst();
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String datatype() {
    return datatype;
  }

  /** Returns whether a row has several values, else it is one value alone. */
  public boolean hasColumns() {
    return hasColumns;
  }

  /** Returns whether the number of the most probable tokens says how many values a row has. */
  public boolean isOfTop() {
    return TOP.contains(this);
  }

  /** Returns whether the queries must be watched for this. */
  public boolean isOfTrajectory() {
    return TRAJECTORY.contains(this);
  }
}
