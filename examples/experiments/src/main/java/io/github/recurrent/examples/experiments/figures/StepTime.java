package io.github.recurrent.examples.experiments.figures;

import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.examples.experiments.LaptopComposition;
import io.github.recurrent.tf.Epochs;
import io.github.recurrent.tf.TrainingListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The times between the ends of the steps of a short training. Not thread-safe. */
final class StepTime implements TrainingListener {
  private static final int WARM_UP = 20;
  private static final int STEPS = 80;

  private final List<Long> ends = new ArrayList<>();

  private StepTime() {}

  /** Returns the median time of a step of two-hop composition, in seconds. */
  static double measure(int layers, int iterations, long seed) throws IOException {
    CompositionDataset data = LaptopComposition.data(seed);
    StepTime time = new StepTime();
    LaptopComposition.trainer(data, layers, iterations, seed)
        .epochs(Epochs.of(1).atomicShare(0.5).steps(WARM_UP + STEPS))
        .listener(time)
        .train(data);
    return time.median();
  }

  @Override
  public void stepped(Step step) {
    ends.add(System.nanoTime());
  }

  private double median() {
    double[] seconds = new double[ends.size() - WARM_UP];
    for (int step = WARM_UP; step < ends.size(); step++) {
      seconds[step - WARM_UP] = (ends.get(step) - ends.get(step - 1)) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds[seconds.length / 2];
  }
}
