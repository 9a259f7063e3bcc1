package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;
import io.github.recurrent.evaluation.Report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models that were trained up to the same number of hops, side by side (paper, figure 7): how far
 * each reaches, and its accuracy over hops at its best number of iterations and at given ones.
 * Immutable and thread-safe.
 *
 * @param models the models, by name
 */
@JsonPropertyOrder({"matched", "models"})
public record MatchedDepth(ImmutableMap<String, Model> models) implements Report {
  /**
   * Checks the models.
   *
   * @throws IllegalArgumentException if there are none
   */
  public MatchedDepth {
    checkArgument(!models.isEmpty(), "there are no models to compare");
  }

  /** Begins a comparison without models yet, at an accuracy of 0.6. */
  public static Run compare() {
    return new Run(ImmutableMap.of(), ImmutableList.of(), GeneralizationRatio.ACCURACY, false);
  }

  /** Returns whether all models were trained up to the same number of hops. */
  @JsonProperty("matched")
  public boolean isMatched() {
    return models.values().stream()
            .mapToInt(model -> model.ratio().learnableDepth())
            .distinct()
            .count()
        == 1;
  }

  /**
   * Returns a model.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Model model(String name) {
    Model model = models.get(name);
    if (model == null) {
      throw new IllegalArgumentException("no model \"" + name + "\"; there are " + models.keySet());
    }
    return model;
  }

  /**
   * A model.
   *
   * @param ratio its learnable depth, its reach, and their ratio
   * @param rows its accuracies, in the order of its sweep
   */
  public record Model(GeneralizationRatio ratio, ImmutableList<Row> rows) {}

  /**
   * The accuracies of one type of fact.
   *
   * @param type the type, such as {@code 5hop_test}
   * @param hops the number of hops of the facts
   * @param bestAccuracy the greatest accuracy at any number of iterations, in [0, 1]
   * @param bestIteration the least number of iterations at which the accuracy is greatest
   * @param accuracies the accuracies at the given numbers of iterations
   */
  public record Row(
      String type,
      int hops,
      double bestAccuracy,
      int bestIteration,
      @JsonProperty("accuracy") ImmutableMap<Integer, Double> accuracies) {}

  /**
   * Returns the figures as rows, one for each model and type of facts; depth, reach and ratio are
   * those of the model, the same in all its rows.
   */
  @Override
  public Table table() {
    ImmutableList<Integer> iterations =
        models.values().iterator().next().rows().get(0).accuracies().keySet().asList();
    List<String> figures = new ArrayList<>(List.of("best_accuracy", "best_iteration"));
    iterations.forEach(iteration -> figures.add("accuracy_r" + iteration));
    figures.addAll(List.of("learnable_depth", "reach", "ratio"));
    Table.Builder table = Table.keys("model", "type", "hops").figures(figures);
    models.forEach(
        (name, model) -> {
          for (Row row : model.rows()) {
            List<Double> values = new ArrayList<>();
            values.add(row.bestAccuracy());
            values.add((double) row.bestIteration());
            values.addAll(row.accuracies().values());
            values.add((double) model.ratio().learnableDepth());
            values.add((double) model.ratio().reach());
            values.add(model.ratio().ratio());
            table.row(
                ImmutableList.of(name, row.type(), row.hops()),
                values.stream().mapToDouble(Double::doubleValue).toArray());
          }
        });
    return table.build();
  }

  /** Configures a comparison. Immutable; each method returns a changed one. */
  public static final class Run {
    private final ImmutableMap<String, Trained> models;
    private final ImmutableList<Integer> iterations;
    private final double accuracy;
    private final boolean unmatched;

    private record Trained(DepthSweep sweep, int depth) {}

    private Run(
        ImmutableMap<String, Trained> models,
        ImmutableList<Integer> iterations,
        double accuracy,
        boolean unmatched) {
      this.models = models;
      this.iterations = iterations;
      this.accuracy = accuracy;
      this.unmatched = unmatched;
    }

    /**
     * Adds a model.
     *
     * @param learnableDepth the greatest number of hops it was trained on
     * @throws IllegalArgumentException if there is one of that name
     */
    public Run model(String name, DepthSweep sweep, int learnableDepth) {
      checkArgument(!models.containsKey(name), "there is a model \"%s\" already", name);
      Map<String, Trained> more = new LinkedHashMap<>(models);
      more.put(name, new Trained(sweep, learnableDepth));
      return new Run(ImmutableMap.copyOf(more), iterations, accuracy, unmatched);
    }

    /**
     * Adds a model whose sweep tells in its provenance what it was trained on.
     *
     * @throws IllegalArgumentException if it does not, or there is one of that name
     */
    public Run model(String name, DepthSweep sweep) {
      return model(name, sweep, LearnableDepth.of(sweep.setup().provenance()));
    }

    /** Compares at the given numbers of iterations too, which replace earlier ones. */
    public Run iterations(int... given) {
      return new Run(models, ImmutableList.copyOf(Ints.asList(given)), accuracy, unmatched);
    }

    /** Counts hops as answered at another accuracy, in (0, 1]. */
    public Run accuracy(double bar) {
      return new Run(models, iterations, bar, unmatched);
    }

    /**
     * Compares models of different depths too; the report is {@link #isMatched not matched} then.
     */
    public Run evenIfUnmatched() {
      return new Run(models, iterations, accuracy, true);
    }

    /**
     * Compares.
     *
     * @throws IllegalArgumentException if there are no models, they were trained up to different
     *     hops, they were swept over different facts, none of these is held out, or one lacks an
     *     iteration
     */
    public MatchedDepth run() {
      ImmutableMap.Builder<String, Model> comparison = ImmutableMap.builder();
      ImmutableMap.Builder<String, Integer> depths = ImmutableMap.builder();
      models.forEach(
          (name, model) -> {
            depths.put(name, model.depth());
            comparison.put(name, compared(name, model));
          });
      MatchedDepth made = new MatchedDepth(comparison.buildOrThrow());
      checkArgument(
          unmatched || made.isMatched(),
          "models are compared that were trained up to the same hops, but these were up to %s",
          depths.buildOrThrow());
      return made;
    }

    private Model compared(String name, Trained model) {
      DepthSweep sweep = model.sweep();
      List<String> types = types(sweep);
      List<String> expected = types(models.values().iterator().next().sweep());
      checkArgument(
          types.equals(expected),
          "models are compared on the same facts, but \"%s\" was swept over %s, the first over %s",
          name,
          types,
          expected);
      for (int iteration : iterations) {
        checkArgument(
            sweep.firstIteration() <= iteration && iteration <= sweep.lastIteration(),
            "the sweep of \"%s\" has iterations %s to %s, not %s",
            name,
            sweep.firstIteration(),
            sweep.lastIteration(),
            iteration);
      }
      ImmutableList.Builder<Row> rows = ImmutableList.builder();
      for (DepthSweep.Row row : sweep.rows()) {
        ImmutableMap.Builder<Integer, Double> accuracies = ImmutableMap.builder();
        iterations.forEach(iteration -> accuracies.put(iteration, row.accuracy(iteration)));
        rows.add(
            new Row(
                row.type(),
                row.hops(),
                row.bestAccuracy(),
                row.bestIteration(),
                accuracies.buildOrThrow()));
      }
      return new Model(GeneralizationRatio.of(sweep, model.depth(), accuracy), rows.build());
    }

    private static List<String> types(DepthSweep sweep) {
      return sweep.rows().stream().map(DepthSweep.Row::type).toList();
    }
  }
}
