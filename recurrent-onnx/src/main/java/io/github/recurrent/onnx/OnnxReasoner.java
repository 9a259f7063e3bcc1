package io.github.recurrent.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs an exported model with ONNX Runtime; halted rows cost nothing more, and queries of like
 * length run together, so that pads cost little. Thread-safe; closing waits for the calls under
 * way.
 *
 * <p>Answers and trajectories each hold the weights in memory, in the order that ONNX Runtime
 * multiplies fastest; trajectories do from the first one on.
 */
public final class OnnxReasoner implements Reasoner {
  private final ExportedModel exported;
  private final ExecutionOptions execution;
  private final RuntimeSession adaptive;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  @GuardedBy("this")
  private @Nullable RuntimeSession trajectories;

  private boolean closed;

  private OnnxReasoner(
      ExportedModel exported, ExecutionOptions execution, RuntimeSession adaptive) {
    this.exported = exported;
    this.execution = execution;
    this.adaptive = adaptive;
  }

  /**
   * Loads a folder that {@link OnnxExporter} wrote, to run on the CPU.
   *
   * @throws OnnxFormatException if a file is damaged, missing or of another export, or the folder
   *     is of a format version this library does not know
   * @throws IOException if there is no such folder or a file cannot be read
   */
  public static OnnxReasoner load(Path folder) throws IOException {
    return load(folder, ExecutionOptions.builder().build());
  }

  /**
   * Loads a folder that {@link OnnxExporter} wrote.
   *
   * @throws OnnxFormatException if a file is damaged, missing or of another export, or the folder
   *     is of a format version this library does not know
   * @throws IOException if there is no such folder or a file cannot be read
   * @throws IllegalStateException if the device is not there
   */
  public static OnnxReasoner load(Path folder, ExecutionOptions execution) throws IOException {
    ExportedModel exported = ExportedModel.read(folder);
    return new OnnxReasoner(exported, execution, RuntimeSession.open(exported.model(), execution));
  }

  @Override
  public RecurrentDepthTransformer model() {
    return exported.metadata().model();
  }

  @Override
  public Vocabulary vocabulary() {
    return exported.metadata().vocabulary();
  }

  /** Returns how the model was made: data, configuration, seed, library version, by name. */
  public ImmutableMap<String, String> provenance() {
    return exported.metadata().provenance();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Thresholds are part of the exported graph; under a {@link Halting#rule()} every row runs the
   * greatest number of iterations, and is then read where it halts.
   */
  @Override
  public ImmutableList<Answer> answer(QueryBatch queries, Halting halting) {
    if (halting.rule().isPresent()) {
      return answersOf(trajectory(queries, halting.maxIterations()), halting);
    }
    ImmutableList<ImmutableIntArray> buckets = buckets(queries);
    Answer[] answers = new Answer[queries.size()];
    whileOpen(() -> buckets.forEach(rows -> answer(queries, rows, halting, answers)));
    return ImmutableList.copyOf(answers);
  }

  private ImmutableList<Answer> answersOf(Trajectory trajectory, Halting halting) {
    ImmutableList.Builder<Answer> answers = ImmutableList.builder();
    for (int row = 0; row < trajectory.rows(); row++) {
      int iteration = trajectory.haltingIteration(row, halting);
      answers.add(
          Answer.of(vocabulary(), trajectory.distribution(iteration, row), iteration, halting));
    }
    return answers.build();
  }

  private void answer(
      QueryBatch queries, ImmutableIntArray rows, Halting halting, Answer[] answers) {
    ImmutableMap<String, Object> inputs =
        ImmutableMap.of(
            AdaptiveGraph.IDS, ids(queries, rows),
            AdaptiveGraph.MAX_ITERATIONS, (long) halting.maxIterations(),
            AdaptiveGraph.MIN_ITERATIONS, (long) halting.minIterations(),
            AdaptiveGraph.KL_THRESHOLD, (float) halting.klThreshold(),
            AdaptiveGraph.ENTROPY_THRESHOLD, (float) halting.entropyThreshold());
    adaptive.run(
        inputs,
        outputs -> {
          float[] logits = outputs.floats(AdaptiveGraph.LOGITS);
          long[] iterations = outputs.longs(AdaptiveGraph.ITERATIONS);
          int size = vocabulary().size();
          for (int i = 0; i < rows.length(); i++) {
            Distribution distribution =
                Distribution.ofLogits(Arrays.copyOfRange(logits, i * size, (i + 1) * size));
            answers[rows.get(i)] =
                Answer.of(vocabulary(), distribution, (int) iterations[i], halting);
          }
        });
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if this is the first trajectory and the exported folder was
   *     replaced or deleted since it was loaded
   */
  @Override
  public Trajectory trajectory(QueryBatch queries, int iterations) {
    checkArgument(iterations >= 1, "iterations must be at least 1, but are %s", iterations);
    ImmutableList<ImmutableIntArray> buckets = buckets(queries);
    int rows = queries.size();
    int size = vocabulary().size();
    float[] logits = new float[Math.multiplyExact(Math.multiplyExact(iterations, rows), size)];
    whileOpen(() -> buckets.forEach(bucket -> trajectory(queries, bucket, iterations, logits)));
    return Trajectory.of(iterations, rows, size, logits);
  }

  private void trajectory(
      QueryBatch queries, ImmutableIntArray rows, int iterations, float[] logits) {
    ImmutableMap<String, Object> inputs =
        ImmutableMap.of(
            TrajectoryGraph.IDS, ids(queries, rows), TrajectoryGraph.ITERATIONS, (long) iterations);
    trajectories()
        .run(
            inputs,
            outputs -> {
              float[] found = outputs.floats(TrajectoryGraph.LOGITS);
              int size = vocabulary().size();
              for (int iteration = 0; iteration < iterations; iteration++) {
                for (int i = 0; i < rows.length(); i++) {
                  System.arraycopy(
                      found,
                      (iteration * rows.length() + i) * size,
                      logits,
                      (iteration * queries.size() + rows.get(i)) * size,
                      size);
                }
              }
            });
  }

  private synchronized RuntimeSession trajectories() {
    if (trajectories == null) {
      try {
        if (!ExportedModel.read(exported.folder()).equals(exported)) {
          throw new IllegalStateException(exported.folder() + " now holds another export");
        }
        trajectories = RuntimeSession.open(exported.trajectory(), execution);
      } catch (IOException e) {
        throw new IllegalStateException(
            exported.folder() + " has changed since it was loaded: " + e.getMessage(), e);
      }
    }
    return trajectories;
  }

  private ImmutableList<ImmutableIntArray> buckets(QueryBatch queries) {
    checkArgument(
        queries.vocabulary().equals(vocabulary()),
        "the queries are of another vocabulary, %s, than the model's, %s",
        queries.vocabulary(),
        vocabulary());
    int[] lengths = new int[queries.size()];
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] = queries.length(row);
    }
    return LengthBuckets.of(lengths, this::paddedLength);
  }

  /** Returns the number of tokens to which rows are padded, by that of the longest. */
  private int paddedLength(int longest) {
    int length = model().paddedLength(longest);
    // Without positions all pads of a row compute the same, so that one is enough.
    return model().positions() == PositionEncoding.NONE ? Math.min(length, longest + 1) : length;
  }

  /** Returns the ids of rows {@code [rows, length]}. */
  private long[][] ids(QueryBatch queries, ImmutableIntArray rows) {
    int longest = rows.stream().map(queries::length).max().orElseThrow();
    long[][] ids = new long[rows.length()][paddedLength(longest)];
    for (int i = 0; i < ids.length; i++) {
      for (int position = 0; position < queries.length(rows.get(i)); position++) {
        ids[i][position] = queries.id(rows.get(i), position);
      }
    }
    return ids;
  }

  private void whileOpen(Runnable run) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("this reasoner is closed");
      }
      run.run();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        adaptive.close();
        closeTrajectories();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private synchronized void closeTrajectories() {
    if (trajectories != null) {
      trajectories.close();
    }
  }
}
