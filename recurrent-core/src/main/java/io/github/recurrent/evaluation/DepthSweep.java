package io.github.recurrent.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.reasoning.Reasoner;
import java.util.stream.Stream;
import org.immutables.value.Value;

/**
 * Accuracy by type of fact and by number of iterations, whatever the recurrence in training (paper
 * fig. 5). One run of the greatest number of iterations gives the figures of all. Immutable and
 * thread-safe.
 */
@Value.Immutable
public abstract class DepthSweep implements Report {
  DepthSweep() {}

  /** Begins a sweep over the facts of a split; 1 to 16 iterations unless said otherwise. */
  public static Run of(Reasoner reasoner, Split split) {
    return new Run(Subject.of(reasoner, split), IterationRange.DEFAULT);
  }

  /** Returns what was swept and how. */
  public abstract Setup setup();

  /** Returns the least number of iterations. */
  public abstract int firstIteration();

  /** Returns the greatest number of iterations. */
  public abstract int lastIteration();

  /** Returns the accuracies of each type of fact, in the order of the split. */
  public abstract ImmutableList<Row> rows();

  /**
   * Returns the accuracies of a type of fact.
   *
   * @throws IllegalArgumentException if the sweep has no facts of that type
   */
  public final Row row(String type) {
    return rows().stream()
        .filter(row -> row.type().equals(type))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no facts of type \""
                        + type
                        + "\" in the sweep of "
                        + rows().stream().map(Row::type).toList()));
  }

  /**
   * Returns the greatest number of hops of which held-out facts are answered with at least some
   * accuracy at some number of iterations; 0 if none are. What was trained on does not count
   * ({@link Split#isHeldOut}). Over the learnable recursion depth, with an accuracy of 0.6, it is
   * the paper's <em>generalization ratio</em> (app. J).
   */
  public final int reach(double accuracy) {
    return heldOut()
        .filter(row -> row.bestAccuracy() >= accuracy)
        .mapToInt(Row::hops)
        .max()
        .orElse(0);
  }

  /** Returns the greatest number of hops there are held-out facts of; 0 if there are none. */
  final int heldOutHops() {
    return heldOut().mapToInt(Row::hops).max().orElse(0);
  }

  private Stream<Row> heldOut() {
    return rows().stream().filter(row -> Split.isHeldOut(row.type()));
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @throws IllegalArgumentException if a figure is missing
   */
  public static DepthSweep ofJson(JsonNode json) {
    return ReportJson.read(
        "sweep",
        () -> {
          int first = ReportJson.integer(json, "first_iteration");
          int last = ReportJson.integer(json, "last_iteration");
          ImmutableDepthSweep.Builder sweep =
              ImmutableDepthSweep.builder()
                  .setup(Setup.of(json))
                  .firstIteration(first)
                  .lastIteration(last);
          for (JsonNode row : json.required("rows")) {
            sweep.addRows(
                new Row(
                    ReportJson.text(row, "type"),
                    ReportJson.integer(row, "hops"),
                    ReportJson.integer(row, "facts"),
                    first,
                    ReportJson.figures(row, "accuracy", last - first + 1)));
          }
          return sweep.build();
        });
  }

  @Override
  public final ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    setup().addTo(json);
    json.put("first_iteration", firstIteration()).put("last_iteration", lastIteration());
    ArrayNode all = json.putArray("rows");
    for (Row row : rows()) {
      ObjectNode one = all.addObject();
      one.put("type", row.type()).put("hops", row.hops()).put("facts", row.facts());
      ReportJson.put(one, "accuracy", row.accuracies);
    }
    return json;
  }

  /** Returns the accuracies as rows, one for each type of facts and number of iterations. */
  @Override
  public final Table table() {
    Table.Builder table = Table.keys("type", "hops", "iterations").figures("facts", "accuracy");
    for (Row row : rows()) {
      for (int iteration = firstIteration(); iteration <= lastIteration(); iteration++) {
        table.row(
            ImmutableList.of(row.type(), row.hops(), iteration),
            row.facts(),
            row.accuracy(iteration));
      }
    }
    return table.build();
  }

  /** A sweep that still has to run. */
  public static final class Run extends RangeAnalysis<Run> {
    private Run(Subject subject, IterationRange range) {
      super(subject, range);
    }

    @Override
    Run with(Subject subject, IterationRange range) {
      return new Run(subject, range);
    }

    /**
     * Runs every query once, for the greatest number of iterations.
     *
     * @throws IllegalArgumentException if there are no facts of some type
     */
    public DepthSweep run() {
      SweepCounts counts = new SweepCounts(range());
      TrajectoryPass.run(subject(), range().last(), ImmutableList.of(counts));
      return of(subject(), range(), counts);
    }
  }

  static DepthSweep of(Subject subject, IterationRange range, SweepCounts counts) {
    return ImmutableDepthSweep.builder()
        .setup(subject.setup(range.setting()))
        .firstIteration(range.first())
        .lastIteration(range.last())
        .rows(counts.rows())
        .build();
  }

  /** The accuracies of one type of fact. Immutable and thread-safe. */
  public static final class Row {
    private final String type;
    private final int hops;
    private final int facts;
    private final int first;
    private final ImmutableDoubleArray accuracies;

    Row(String type, int hops, int facts, int first, ImmutableDoubleArray accuracies) {
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
     * @throws IndexOutOfBoundsException if the iteration is outside the sweep
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
    public boolean equals(Object other) {
      return other instanceof Row that
          && type.equals(that.type)
          && hops == that.hops
          && facts == that.facts
          && first == that.first
          && accuracies.equals(that.accuracies);
    }

    @Override
    public int hashCode() {
      return 31 * type.hashCode() + accuracies.hashCode();
    }

    @Override
    public String toString() {
      return type + accuracies;
    }
  }
}
