package io.github.recurrent.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs an exported model with ONNX Runtime; halted rows cost nothing more. Thread-safe; closing
 * waits for the calls under way.
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

  @Override
  public ImmutableList<Answer> answer(QueryBatch queries, Halting halting) {
    ImmutableMap<String, Object> inputs =
        ImmutableMap.of(
            AdaptiveGraph.IDS, ids(queries),
            AdaptiveGraph.MAX_ITERATIONS, (long) halting.maxIterations(),
            AdaptiveGraph.MIN_ITERATIONS, (long) halting.minIterations(),
            AdaptiveGraph.KL_THRESHOLD, (float) halting.klThreshold(),
            AdaptiveGraph.ENTROPY_THRESHOLD, (float) halting.entropyThreshold());
    return whileOpen(() -> adaptive.run(inputs, this::answers));
  }

  private ImmutableList<Answer> answers(RuntimeSession.Outputs outputs) {
    float[] logits = outputs.floats(AdaptiveGraph.LOGITS);
    long[] iterations = outputs.longs(AdaptiveGraph.ITERATIONS);
    int size = vocabulary().size();
    ImmutableList.Builder<Answer> answers = ImmutableList.builder();
    for (int row = 0; row < iterations.length; row++) {
      Distribution distribution =
          Distribution.ofLogits(Arrays.copyOfRange(logits, row * size, (row + 1) * size));
      answers.add(Answer.of(vocabulary(), distribution, (int) iterations[row]));
    }
    return answers.build();
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
    ImmutableMap<String, Object> inputs =
        ImmutableMap.of(
            TrajectoryGraph.IDS, ids(queries), TrajectoryGraph.ITERATIONS, (long) iterations);
    return whileOpen(
        () ->
            trajectories()
                .run(
                    inputs,
                    outputs ->
                        Trajectory.of(
                            iterations,
                            queries.size(),
                            vocabulary().size(),
                            outputs.floats(TrajectoryGraph.LOGITS))));
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

  /** Returns the ids {@code [size, length]}, padded on the right no further than needed. */
  private long[][] ids(QueryBatch queries) {
    checkArgument(
        queries.vocabulary().equals(vocabulary()),
        "the queries are of another vocabulary, %s, than the model's, %s",
        queries.vocabulary(),
        vocabulary());
    int length = model().paddedLength(queries.longest());
    if (model().positions() == PositionEncoding.NONE) {
      // All pads compute the same, so that one is enough.
      length = Math.min(length, queries.longest() + 1);
    }
    long[][] ids = new long[queries.size()][length];
    for (int row = 0; row < ids.length; row++) {
      for (int position = 0; position < queries.length(row); position++) {
        ids[row][position] = queries.id(row, position);
      }
    }
    return ids;
  }

  private <T> T whileOpen(Supplier<T> run) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("this reasoner is closed");
      }
      return run.get();
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
