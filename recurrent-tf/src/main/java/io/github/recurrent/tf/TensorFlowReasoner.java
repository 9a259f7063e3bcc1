package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.Trajectory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Runs a checkpoint with TensorFlow, one iteration of a whole batch at a time, and stops as soon as
 * every row has halted. Thread-safe; closing waits for the runs under way.
 */
public final class TensorFlowReasoner implements Reasoner {
  private final RecurrentDepthTransformer model;
  private final Vocabulary vocabulary;
  private final SteppedModel stepped;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private TensorFlowReasoner(Checkpoint checkpoint, SteppedModel stepped) {
    this.model = checkpoint.model();
    this.vocabulary = checkpoint.vocabulary();
    this.stepped = stepped;
  }

  /** Loads a checkpoint onto the CPU, in 32-bit floats. */
  public static TensorFlowReasoner of(Checkpoint checkpoint) {
    return of(checkpoint, Device.cpu(), Precision.FP32);
  }

  /**
   * Loads a checkpoint onto a device.
   *
   * @throws IllegalStateException if the device is not there
   */
  public static TensorFlowReasoner of(Checkpoint checkpoint, Device device, Precision precision) {
    return new TensorFlowReasoner(
        checkpoint,
        new SteppedModel(
            checkpoint.model(),
            checkpoint.parameters(),
            precision,
            ImmutableExecution.builder().device(device).build()));
  }

  @Override
  public RecurrentDepthTransformer model() {
    return model;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public ImmutableList<Answer> answer(QueryBatch queries, Halting halting) {
    PackedBatch batch = pack(queries);
    lock.readLock().lock();
    try (SteppedModel.Run run = open(batch)) {
      Answer[] answers = new Answer[queries.size()];
      List<Integer> live = new ArrayList<>();
      List<Halting.Row> rows = new ArrayList<>();
      for (int row = 0; row < answers.length; row++) {
        live.add(row);
        rows.add(halting.row());
      }
      while (!live.isEmpty()) {
        float[] logits = run.iterate();
        live.removeIf(
            row -> {
              int start = row * vocabulary.size();
              Distribution current =
                  Distribution.ofLogits(
                      Arrays.copyOfRange(logits, start, start + vocabulary.size()));
              boolean halts = rows.get(row).halts(current);
              if (halts) {
                answers[row] = Answer.of(vocabulary, current, rows.get(row).iterations(), halting);
              }
              return halts;
            });
      }
      return ImmutableList.copyOf(answers);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public Trajectory trajectory(QueryBatch queries, int iterations) {
    checkArgument(iterations >= 1, "iterations must be at least 1, but are %s", iterations);
    PackedBatch batch = pack(queries);
    int size = Math.multiplyExact(queries.size(), vocabulary.size());
    float[] logits = new float[Math.multiplyExact(iterations, size)];
    lock.readLock().lock();
    try (SteppedModel.Run run = open(batch)) {
      for (int iteration = 0; iteration < iterations; iteration++) {
        System.arraycopy(run.iterate(), 0, logits, iteration * size, size);
      }
    } finally {
      lock.readLock().unlock();
    }
    return Trajectory.of(iterations, queries.size(), vocabulary.size(), logits);
  }

  private SteppedModel.Run open(PackedBatch batch) {
    if (closed) {
      throw new IllegalStateException("this reasoner is closed");
    }
    return stepped.run(batch);
  }

  private PackedBatch pack(QueryBatch queries) {
    checkArgument(
        queries.vocabulary().equals(vocabulary),
        "the queries are of another vocabulary, %s, than the model's, %s",
        queries.vocabulary(),
        vocabulary);
    List<int[]> rows = new ArrayList<>();
    for (int row = 0; row < queries.size(); row++) {
      int[] ids = new int[queries.length(row)];
      for (int position = 0; position < ids.length; position++) {
        ids[position] = queries.id(row, position);
      }
      rows.add(ids);
    }
    return PackedBatch.sharing(model, rows);
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        stepped.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
