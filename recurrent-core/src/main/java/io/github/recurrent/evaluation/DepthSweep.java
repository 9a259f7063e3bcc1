package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.Trajectory;
import org.immutables.value.Value;

/**
 * Accuracy by type of fact and by number of iterations, whatever the recurrence in training (paper
 * fig. 5). One run of the greatest number of iterations gives the figures of all. Immutable and
 * thread-safe.
 */
@Value.Immutable
public abstract class DepthSweep {
  DepthSweep() {}

  /** Begins a sweep over the facts of a split; 1 to 16 iterations unless said otherwise. */
  public static Run of(Reasoner reasoner, Split split) {
    return new Run(reasoner, split, 1, 16);
  }

  /** Returns the least number of iterations. */
  public abstract int firstIteration();

  /** Returns the greatest number of iterations. */
  public abstract int lastIteration();

  /** Returns the accuracies of each type of fact, in the order of the split. */
  public abstract ImmutableList<Row> rows();

  /**
   * Returns the accuracies of a type of fact.
   *
   * @throws IllegalArgumentException if the sweep has no such type
   */
  public final Row row(String type) {
    return rows().stream()
        .filter(row -> row.type().equals(type))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no facts of type \"" + type + "\" in the sweep of " + rows()));
  }

  /**
   * Returns the greatest number of hops that are answered with at least some accuracy at some
   * number of iterations; 0 if none are. Over the learnable recursion depth, with an accuracy of
   * 0.6, it is the paper's <em>generalization ratio</em> (app. J).
   */
  public final int reach(double accuracy) {
    return rows().stream()
        .filter(row -> row.bestAccuracy() >= accuracy)
        .mapToInt(Row::hops)
        .max()
        .orElse(0);
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @throws IllegalArgumentException if a figure is missing
   */
  public static DepthSweep ofJson(JsonNode json) {
    try {
      int first = json.required("first_iteration").intValue();
      int last = json.required("last_iteration").intValue();
      ImmutableDepthSweep.Builder sweep =
          ImmutableDepthSweep.builder().firstIteration(first).lastIteration(last);
      for (JsonNode row : json.required("rows")) {
        ImmutableDoubleArray.Builder accuracies = ImmutableDoubleArray.builder();
        row.required("accuracy").forEach(accuracy -> accuracies.add(accuracy.doubleValue()));
        ImmutableDoubleArray read = accuracies.build();
        checkArgument(
            read.length() == last - first + 1,
            "a row needs %s accuracies, but has %s",
            last - first + 1,
            read.length());
        sweep.addRows(
            new Row(
                row.required("type").textValue(),
                row.required("hops").intValue(),
                row.required("facts").intValue(),
                first,
                read));
      }
      return sweep.build();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("this JSON is no sweep: " + e.getMessage(), e);
    }
  }

  /** Returns all figures as a JSON object. */
  public final ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("first_iteration", firstIteration()).put("last_iteration", lastIteration());
    ArrayNode all = json.putArray("rows");
    for (Row row : rows()) {
      ObjectNode one = all.addObject();
      one.put("type", row.type()).put("hops", row.hops()).put("facts", row.facts());
      ArrayNode accuracies = one.putArray("accuracy");
      row.accuracies.forEach(accuracies::add);
    }
    return json;
  }

  /** A sweep that still has to run. */
  public static final class Run {
    private final Reasoner reasoner;
    private final Split split;
    private final int first;
    private final int last;

    private Run(Reasoner reasoner, Split split, int first, int last) {
      this.reasoner = reasoner;
      this.split = split;
      this.first = first;
      this.last = last;
    }

    /**
     * Returns this sweep over a range of iterations, both ends included.
     *
     * @throws IllegalArgumentException unless {@code 1 <= first <= last}
     */
    public Run iterations(int first, int last) {
      checkArgument(
          1 <= first && first <= last,
          "iterations must be a range from at least 1, but are %s to %s",
          first,
          last);
      return new Run(reasoner, split, first, last);
    }

    /** Runs every query once, for the greatest number of iterations. */
    public DepthSweep run() {
      ImmutableDepthSweep.Builder sweep =
          ImmutableDepthSweep.builder().firstIteration(first).lastIteration(last);
      split.byType().forEach((type, facts) -> sweep.addRows(row(type, facts)));
      return sweep.build();
    }

    private Row row(String type, Facts facts) {
      int[] right = new int[last - first + 1];
      for (FactBatch batch : FactBatch.of(facts)) {
        Trajectory trajectory = reasoner.trajectory(batch.queries(), last);
        for (int iteration = first; iteration <= last; iteration++) {
          for (int row = 0; row < batch.size(); row++) {
            if (trajectory.mostProbable(iteration, row) == batch.answerId(row)) {
              right[iteration - first]++;
            }
          }
        }
      }
      ImmutableDoubleArray.Builder accuracies = ImmutableDoubleArray.builder(right.length);
      for (int count : right) {
        accuracies.add((double) count / facts.size());
      }
      return new Row(type, facts.hops(), facts.size(), first, accuracies.build());
    }
  }

  /** The accuracies of one type of fact. Immutable and thread-safe. */
  public static final class Row {
    private final String type;
    private final int hops;
    private final int facts;
    private final int first;
    private final ImmutableDoubleArray accuracies;

    private Row(String type, int hops, int facts, int first, ImmutableDoubleArray accuracies) {
      this.type = type;
      this.hops = hops;
      this.facts = facts;
      this.first = first;
      this.accuracies = accuracies;
    }

    /** Returns the type of the facts, such as {@code 5hop_test}. */
    public String type() {
      return type;
    }

    /** Returns the number of hops of the facts. */
    public int hops() {
      return hops;
    }

    /** Returns the number of facts. */
    public int facts() {
      return facts;
    }

    /**
     * Returns the share of facts, in [0, 1], whose most probable token after an iteration is the
     * answer.
     *
     * @throws IndexOutOfBoundsException if the sweep has no such iteration
     */
    public double accuracy(int iteration) {
      return accuracies.get(iteration - first);
    }

    /** Returns the greatest accuracy at any number of iterations. */
    public double bestAccuracy() {
      return accuracies.stream().max().orElseThrow();
    }

    /** Returns the least number of iterations at which the accuracy is greatest. */
    public int bestIteration() {
      return first + accuracies.indexOf(bestAccuracy());
    }

    @Override
    public String toString() {
      return type + accuracies;
    }
  }
}
