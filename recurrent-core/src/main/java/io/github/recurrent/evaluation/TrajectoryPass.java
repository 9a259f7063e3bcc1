package io.github.recurrent.evaluation;

import io.github.recurrent.dataset.Facts;
import io.github.recurrent.reasoning.Trajectory;
import java.util.List;

/** Runs facts once, and hands their trajectories to all who make figures of them. */
final class TrajectoryPass {
  private TrajectoryPass() {}

  /** Makes figures of the trajectories of facts. */
  interface Reader {
    /** The facts of a type begin. */
    void begin(String type, Facts facts);

    /**
     * Some of them have been run.
     *
     * @param trajectory of at least the iterations that were asked for
     */
    void read(FactBatch batch, Trajectory trajectory);

    /** All of them have been run. */
    void end();
  }

  /**
   * Runs all facts of a subject.
   *
   * @throws IllegalArgumentException if there are none of some type, or the model cannot take one
   * @throws java.util.concurrent.CancellationException if this thread is interrupted
   */
  static void run(Subject subject, int iterations, List<? extends Reader> readers) {
    Subject.Counter counter = subject.counter();
    subject
        .facts()
        .byType()
        .forEach(
            (type, facts) -> {
              readers.forEach(reader -> reader.begin(type, facts));
              for (FactBatch batch : FactBatch.of(facts, iterations)) {
                Trajectory trajectory = subject.reasoner().trajectory(batch.queries(), iterations);
                readers.forEach(reader -> reader.read(batch, trajectory));
                counter.add(type, batch.size());
              }
              readers.forEach(Reader::end);
            });
  }
}
