package io.github.recurrent.examples.experiments;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.tf.Cancellation;
import io.github.recurrent.tf.Trainer;
import io.github.recurrent.tf.listener.ProgressBar;
import io.github.recurrent.tf.listener.TensorBoard;
import java.io.IOException;
import java.util.concurrent.CancellationException;

/** A training of days, which stops and goes on. */
final class PaperTraining {
  private static final int STEPS_BETWEEN_CHECKPOINTS = 1000;

  private final Trainer trainer;
  private final RunFolder run;

  /** What is trained on. */
  interface Data {
    Checkpoint train(Trainer trainer) throws IOException;
  }

  PaperTraining(Trainer trainer, RunFolder run) {
    this.trainer = trainer;
    this.run = run;
  }

  /** Trains to the end, or until the program is told to stop; from the last checkpoint, if any. */
  void train(RunData facts, Data data) throws IOException {
    if (run.isFinished()) {
      System.out.println("The training in " + run.path() + " is at its end.");
      return;
    }
    Trainer kept =
        run.resume(trainer, facts)
            .checkpointEverySteps(STEPS_BETWEEN_CHECKPOINTS)
            .cancellation(Cancellation.onShutdown())
            .listener(ProgressBar.create())
            .listener(TensorBoard.to(run.path().resolve("tensorboard")));
    try {
      data.train(kept);
    } catch (CancellationException e) {
      System.out.println("Stopped, with a checkpoint in " + run.path() + "; it can go on from it.");
    }
  }
}
