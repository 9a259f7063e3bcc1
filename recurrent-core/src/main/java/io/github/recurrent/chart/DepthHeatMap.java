package io.github.recurrent.chart;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Comparator.comparingInt;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.HaltingStudy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.knowm.xchart.internal.chartpart.IChart;

/**
 * The accuracy over hops and iterations as a heat map (paper, figure 5), on a scale that is even to
 * the eye, also to a color-blind one, and in gray. Immutable and thread-safe; each method returns a
 * changed one.
 */
public final class DepthHeatMap extends Drawing {
  private final DepthSweep sweep;
  private final String title;
  private final int trainedHops;
  private final int trainedIterations;
  private final int first;
  private final int last;
  private final ImmutableMap<String, HaltingStudy.Row> adaptive;

  private DepthHeatMap(
      DepthSweep sweep,
      String title,
      int trainedHops,
      int trainedIterations,
      int first,
      int last,
      ImmutableMap<String, HaltingStudy.Row> adaptive) {
    this.sweep = sweep;
    this.title = title;
    this.trainedHops = trainedHops;
    this.trainedIterations = trainedIterations;
    this.first = first;
    this.last = last;
    this.adaptive = adaptive;
  }

  /**
   * Returns the picture of a sweep.
   *
   * @throws IllegalArgumentException if the sweep has no facts
   */
  public static DepthHeatMap of(DepthSweep sweep) {
    checkArgument(!sweep.rows().isEmpty(), "there is nothing to draw: the sweep has no facts");
    return new DepthHeatMap(
        sweep,
        "Accuracy by hops and iterations",
        0,
        0,
        sweep.firstIteration(),
        sweep.lastIteration(),
        ImmutableMap.of());
  }

  /** Returns this picture with another title. */
  public DepthHeatMap title(String text) {
    return new DepthHeatMap(sweep, text, trainedHops, trainedIterations, first, last, adaptive);
  }

  /** Marks the greatest number of hops that the model was trained on. */
  public DepthHeatMap trainedHops(int hops) {
    return new DepthHeatMap(sweep, title, hops, trainedIterations, first, last, adaptive);
  }

  /** Marks the greatest number of iterations that the model was trained with. */
  public DepthHeatMap trainedIterations(int iterations) {
    return new DepthHeatMap(sweep, title, trainedHops, iterations, first, last, adaptive);
  }

  /**
   * Returns this picture of some of the sweep's iterations, both ends included.
   *
   * @throws IllegalArgumentException if the sweep has not all of them
   */
  public DepthHeatMap iterations(int from, int to) {
    checkArgument(
        sweep.firstIteration() <= from && from <= to && to <= sweep.lastIteration(),
        "iterations %s to %s are not a range of the sweep's, %s to %s",
        from,
        to,
        sweep.firstIteration(),
        sweep.lastIteration());
    return new DepthHeatMap(sweep, title, trainedHops, trainedIterations, from, to, adaptive);
  }

  /**
   * Adds adaptive halting: a column r* of the accuracies under it, and where in each row the mean
   * number of its iterations is.
   *
   * @throws IllegalArgumentException if the study is of several rules, or lacks a type of facts
   */
  public DepthHeatMap adaptive(HaltingStudy study) {
    checkArgument(
        study.rules().size() == 1,
        "a heat map shows one halting rule, but the study is of %s",
        study.rules());
    return adaptive(study, study.rules().get(0));
  }

  /**
   * Adds adaptive halting by one of the rules of a study.
   *
   * @throws IllegalArgumentException if the study lacks the rule or a type of facts
   */
  public DepthHeatMap adaptive(HaltingStudy study, String rule) {
    ImmutableMap.Builder<String, HaltingStudy.Row> rows = ImmutableMap.builder();
    study.rows(rule).forEach(row -> rows.put(row.type(), row));
    ImmutableMap<String, HaltingStudy.Row> byType = rows.buildOrThrow();
    for (DepthSweep.Row row : sweep.rows()) {
      checkArgument(
          byType.containsKey(row.type()),
          "the study has no facts of type \"%s\", but %s",
          row.type(),
          byType.keySet());
    }
    return new DepthHeatMap(sweep, title, trainedHops, trainedIterations, first, last, byType);
  }

  @Override
  IChart chart(int width, int height) {
    ImmutableList<DepthSweep.Row> rows = rows();
    boolean tellsHops =
        rows.stream().mapToInt(DepthSweep.Row::hops).distinct().count() == rows.size();
    List<String> labels = new ArrayList<>();
    double[][] values = new double[rows.size()][last - first + 1];
    for (DepthSweep.Row row : rows) {
      for (int iteration = first; iteration <= last; iteration++) {
        values[labels.size()][iteration - first] = row.accuracy(iteration);
      }
      labels.add(tellsHops ? Integer.toString(row.hops()) : row.type());
    }
    HeatMap map =
        HeatMap.titled(title)
            .rows(tellsHops ? "hops" : "facts", labels)
            .columns(
                "iterations r",
                IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList())
            .values("accuracy", values);
    int trainedRows = (int) rows.stream().filter(row -> row.hops() <= trainedHops).count();
    if (trainedRows > 0) {
      map = map.rowLine(trainedRows, "trained up to " + hops(trainedHops));
    }
    if (trainedIterations >= first && trainedIterations <= last) {
      map =
          map.columnLine(
              trainedIterations - first + 1, "trained with up to r = " + trainedIterations);
    }
    return withAdaptive(map).chart(width, height);
  }

  /** Least hops first. */
  private ImmutableList<DepthSweep.Row> rows() {
    return ImmutableList.sortedCopyOf(comparingInt(DepthSweep.Row::hops), sweep.rows());
  }

  private static String hops(int number) {
    return number == 1 ? "1 hop" : number + " hops";
  }

  private HeatMap withAdaptive(HeatMap map) {
    ImmutableList<HaltingStudy.Row> rows =
        rows().stream()
            .map(row -> Optional.ofNullable(adaptive.get(row.type())))
            .flatMap(Optional::stream)
            .collect(ImmutableList.toImmutableList());
    if (rows.isEmpty()) {
      return map;
    }
    return map.columnApart("r*", rows.stream().mapToDouble(HaltingStudy.Row::accuracy).toArray())
        .marks(
            "mean r* (" + rows.get(0).rule() + ")",
            rows.stream().mapToDouble(row -> row.meanIterations() - first).toArray());
  }
}
