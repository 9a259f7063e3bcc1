package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.HiddenChange;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Reading;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.Trajectory;
import io.github.recurrent.tf.internal.graph.PackedBatch;
import io.github.recurrent.tf.internal.graph.SteppedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/**
 * Runs a checkpoint with TensorFlow, one iteration of a whole batch at a time, and stops as soon as
 * every row has halted. Thread-safe; closing waits for the runs under way.
 */
public final class TensorFlowReasoner implements Reasoner {
  private final RecurrentDepthTransformer model;
  private final Vocabulary vocabulary;
  private final ImmutableMap<String, String> provenance;
  private final SteppedModel stepped;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private TensorFlowReasoner(Checkpoint checkpoint, SteppedModel stepped) {
    this.model = checkpoint.model();
    this.vocabulary = checkpoint.vocabulary();
    this.provenance = checkpoint.provenance();
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
            ImmutableExecution.builder().device(device).build()::open));
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
  public ImmutableMap<String, String> provenance() {
    return provenance;
  }

  @Override
  public ImmutableList<Answer> answer(QueryBatch queries, Halting halting) {
    PackedBatch batch = pack(queries);
    lock.readLock().lock();
    try (SteppedModel.Run run = open(batch)) {
      Answer[] answers = new Answer[queries.size()];
      List<Integer> live = new ArrayList<>();
      List<Halting.Row> rows = new ArrayList<>();
      List<HiddenChange> changes = new ArrayList<>();
      for (int row = 0; row < answers.length; row++) {
        live.add(row);
        rows.add(halting.row());
        changes.add(new HiddenChange());
      }
      while (!live.isEmpty()) {
        run.iterate();
        // Rows under one rule that are at one iteration are all read, or none is.
        if (rows.get(live.get(0)).unread() > 0) {
          live.forEach(row -> rows.get(row).skip(1));
          continue;
        }
        float[] logits = run.logits();
        float[] states = halting.looksAtHiddenState() ? run.readStates() : new float[0];
        live.removeIf(
            row -> {
              OptionalDouble change =
                  halting.looksAtHiddenState()
                      ? OptionalDouble.of(changes.get(row).next(states, row, model.width()))
                      : OptionalDouble.empty();
              Reading reading = Reading.of(vocabulary, halting, logits, row, change);
              boolean halts = rows.get(row).halts(reading);
              if (halts) {
                answers[row] =
                    Answer.of(
                        vocabulary, reading.distribution(), rows.get(row).iterations(), halting);
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
    double[] hiddenChanges = new double[iterations * queries.size()];
    List<HiddenChange> changes = Stream.generate(HiddenChange::new).limit(queries.size()).toList();
    lock.readLock().lock();
    try (SteppedModel.Run run = open(batch)) {
      for (int iteration = 0; iteration < iterations; iteration++) {
        run.iterate();
        System.arraycopy(run.logits(), 0, logits, iteration * size, size);
        float[] states = run.readStates();
        for (int row = 0; row < queries.size(); row++) {
          hiddenChanges[iteration * queries.size() + row] =
              changes.get(row).next(states, row, model.width());
        }
      }
    } finally {
      lock.readLock().unlock();
    }
    return Trajectory.of(vocabulary, iterations, queries.size(), logits, hiddenChanges);
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
