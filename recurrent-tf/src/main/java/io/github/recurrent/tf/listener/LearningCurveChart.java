package io.github.recurrent.tf.listener;

import io.github.recurrent.chart.Curves;
import io.github.recurrent.tf.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Draws the accuracies of a training over its steps, as a .png or .svg file: twice a minute while
 * it goes on, and at its end. Needs XChart on the class path. Not thread-safe.
 */
public final class LearningCurveChart implements TrainingListener {
  private static final long PAUSE = Duration.ofSeconds(30).toNanos();

  private final String title;
  private final Path file;
  private final List<Evaluation> evaluations = new ArrayList<>();
  private long drawn = System.nanoTime();

  private LearningCurveChart(String title, Path file) {
    this.title = title;
    this.file = file;
  }

  /** Returns a listener that draws into a file. */
  public static LearningCurveChart to(Path file, String title) {
    return new LearningCurveChart(title, file);
  }

  @Override
  public void evaluated(Evaluation evaluation) {
    evaluations.add(evaluation);
    if (System.nanoTime() - drawn >= PAUSE) {
      draw();
    }
  }

  @Override
  public void finished(long steps, Duration duration, boolean complete) {
    draw();
  }

  private void draw() {
    Set<String> types = new LinkedHashSet<>();
    evaluations.forEach(evaluation -> types.addAll(evaluation.accuracies().keySet()));
    if (types.isEmpty()) {
      return;
    }
    Curves curves = Curves.learning(title);
    for (String type : types) {
      List<Evaluation> with =
          evaluations.stream()
              .filter(evaluation -> evaluation.accuracies().containsKey(type))
              .toList();
      curves =
          curves.curve(
              type,
              with.stream().mapToDouble(Evaluation::step).toArray(),
              with.stream()
                  .map(evaluation -> evaluation.accuracies().get(type))
                  .mapToDouble(Objects::requireNonNull)
                  .toArray());
    }
    try {
      curves.write(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot draw " + file, e);
    }
    drawn = System.nanoTime();
  }
}
