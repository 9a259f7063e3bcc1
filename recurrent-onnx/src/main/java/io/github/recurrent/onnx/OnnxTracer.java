package io.github.recurrent.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.internal.version.LibraryVersion;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.internal.graph.TraceGraph;
import io.github.recurrent.onnx.internal.graph.WeightFile;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trace;
import io.github.recurrent.reasoning.TracedReasoner;
import io.github.recurrent.reasoning.TracedReasoner.Patch;
import io.github.recurrent.reasoning.Trajectory;
import io.github.recurrent.reasoning.spi.Patching;
import io.github.recurrent.reasoning.spi.Reading.HiddenChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Traces the model of a checkpoint with ONNX Runtime, one effective layer after another; of a
 * patched run only the effective layers after the patch are computed. Thread-safe; closing waits
 * for the calls under way.
 *
 * <p>The graphs are written to a temporary folder, which is deleted on closing. Native memory holds
 * the weights once, and the states of some thousand tokens; all other states are in the heap.
 */
public final class OnnxTracer implements TracedReasoner {
  /** Enough for the weights to be read seldom, few enough for the runtime to keep little memory. */
  private static final int TOKENS_PER_CALL = 2048;

  private final Checkpoint checkpoint;
  private final Path folder;
  private final RuntimeSession embedding;
  private final RuntimeSession layer;
  private final RuntimeSession readout;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  private boolean closed;

  private OnnxTracer(
      Checkpoint checkpoint,
      Path folder,
      RuntimeSession embedding,
      RuntimeSession layer,
      RuntimeSession readout) {
    this.checkpoint = checkpoint;
    this.folder = folder;
    this.embedding = embedding;
    this.layer = layer;
    this.readout = readout;
  }

  /**
   * Returns a tracer of a checkpoint's model on the CPU.
   *
   * @throws IOException if the temporary folder cannot be written, or ONNX Runtime's native
   *     libraries cannot be loaded
   */
  public static OnnxTracer of(Checkpoint checkpoint) throws IOException {
    return of(checkpoint, ExecutionOptions.builder().build());
  }

  /**
   * Returns a tracer of a checkpoint's model.
   *
   * @throws IOException if the temporary folder cannot be written, or ONNX Runtime's native
   *     libraries cannot be loaded
   * @throws IllegalStateException if the device is not there
   */
  public static OnnxTracer of(Checkpoint checkpoint, ExecutionOptions execution)
      throws IOException {
    NativeRuntime.load();
    Path folder = Files.createTempDirectory("recurrent-trace");
    List<RuntimeSession> opened = new ArrayList<>();
    try {
      RecurrentDepthTransformer model = checkpoint.model();
      WeightFile weights =
          WeightFile.write(folder, model, checkpoint.parameters(), ExportOptions.builder().build());
      ModelMetadata metadata =
          new ModelMetadata(
              model,
              checkpoint.vocabulary(),
              checkpoint.provenance(),
              LibraryVersion.number(),
              weights.sha256());
      for (GraphProto graph :
          List.of(
              TraceGraph.embedding(model, weights.tensors()),
              TraceGraph.layer(model, weights.tensors()),
              TraceGraph.readout(model, weights.tensors()))) {
        Path file = folder.resolve(graph.getName() + ".onnx");
        OnnxExporter.write(file, metadata, graph);
        opened.add(RuntimeSession.open(file, execution));
      }
      return new OnnxTracer(checkpoint, folder, opened.get(0), opened.get(1), opened.get(2));
    } catch (IOException | RuntimeException e) {
      opened.forEach(RuntimeSession::close);
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
      throw e;
    }
  }

  @Override
  public RecurrentDepthTransformer model() {
    return checkpoint.model();
  }

  @Override
  public Vocabulary vocabulary() {
    return checkpoint.vocabulary();
  }

  @Override
  public ImmutableMap<String, String> provenance() {
    return checkpoint.provenance();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Every row runs the greatest number of iterations, and is then read where it halts; {@link
   * OnnxReasoner} is faster.
   */
  @Override
  public ImmutableList<Answer> answer(QueryBatch queries, Halting halting) {
    Trajectory trajectory = trajectory(queries, halting.atMost());
    ImmutableList.Builder<Answer> answers = ImmutableList.builder();
    for (int row = 0; row < trajectory.rows(); row++) {
      int iteration = trajectory.haltingIteration(row, halting);
      Distribution whole = trajectory.distribution(iteration, row);
      answers.add(
          Answer.of(
              vocabulary(),
              halting.isAmongEntities() ? whole.restrictedTo(vocabulary()::isEntity) : whole,
              iteration,
              halting));
    }
    return answers.build();
  }

  @Override
  public Trajectory trajectory(QueryBatch queries, int iterations) {
    check(queries, iterations);
    int positions = Trace.positions(model(), queries);
    int perIteration = Math.multiplyExact(queries.size(), vocabulary().size());
    float[] logits = new float[Math.multiplyExact(iterations, perIteration)];
    double[] hiddenChanges = new double[iterations * queries.size()];
    List<HiddenChange> changes = Stream.generate(HiddenChange::new).limit(queries.size()).toList();
    return whileOpen(
        () -> {
          long[] ids = ids(queries, positions);
          float[] hidden = embed(ids, positions);
          for (int n = 0; n < model().effectiveDepth(iterations); n++) {
            hidden = next(ids, positions, hidden, n);
            if ((n + 1) % model().layers() == 0) {
              int iteration = n / model().layers();
              float[] states = readStates(queries, positions, hidden);
              read(states, logits, iteration * perIteration);
              for (int row = 0; row < queries.size(); row++) {
                hiddenChanges[iteration * queries.size() + row] =
                    changes.get(row).next(states, row, model().width());
              }
            }
          }
          return Trajectory.of(vocabulary(), iterations, queries.size(), logits, hiddenChanges);
        });
  }

  private float[] readStates(QueryBatch queries, int positions, float[] hidden) {
    int width = model().width();
    float[] read = new float[queries.size() * width];
    for (int row = 0; row < queries.size(); row++) {
      int position = Trace.readPosition(model(), queries.length(row));
      System.arraycopy(hidden, (row * positions + position) * width, read, row * width, width);
    }
    return read;
  }

  private void check(QueryBatch queries, int iterations) {
    checkArgument(iterations >= 1, "iterations must be at least 1, but are %s", iterations);
    checkArgument(
        queries.vocabulary().equals(vocabulary()),
        "the queries are of another vocabulary, %s, than the model's, %s",
        queries.vocabulary(),
        vocabulary());
  }

  @Override
  public Trace trace(QueryBatch queries, int iterations) {
    check(queries, iterations);
    int positions = Trace.positions(model(), queries);
    return whileOpen(
        () -> {
          long[] ids = ids(queries, positions);
          List<float[]> states = new ArrayList<>();
          states.add(embed(ids, positions));
          for (int n = 0; n < model().effectiveDepth(iterations); n++) {
            states.add(next(ids, positions, states.get(n), n));
          }
          return Trace.of(model(), queries, positions, states);
        });
  }

  @Override
  public Trace patched(Trace run, List<Patch> patches) {
    checkArgument(
        run.model().equals(model()), "a run of %s, but this traces %s", run.model(), model());
    int first = Patching.firstLayer(patches, run);
    return whileOpen(
        () -> {
          long[] ids = ids(run.queries(), run.positions());
          List<float[]> states = new ArrayList<>();
          float[] hidden = run.states(first);
          for (int n = first; ; n++) {
            for (Patch patch : patches) {
              if (patch.layer() == n) {
                Patching.put(patch, hidden, run);
              }
            }
            states.add(hidden);
            if (n == run.effectiveLayers()) {
              return run.with(first, states);
            }
            hidden = next(ids, run.positions(), hidden, n);
          }
        });
  }

  @Override
  public float[] logits(float[] states) {
    int width = model().width();
    checkArgument(
        states.length > 0 && states.length % width == 0,
        "%s values are not states of width %s",
        states.length,
        width);
    float[] logits = new float[Math.multiplyExact(states.length / width, vocabulary().size())];
    return whileOpen(
        () -> {
          read(states, logits, 0);
          return logits;
        });
  }

  private void read(float[] states, float[] logits, int start) {
    int width = model().width();
    inParts(
        states.length / width,
        1,
        (from, count) ->
            run(
                readout,
                ImmutableMap.of(
                    TraceGraph.STATES, Input.of(states, from * width, count * width, count, width)),
                TraceGraph.LOGITS,
                logits,
                start + from * vocabulary().size()));
  }

  private float[] embed(long[] ids, int positions) {
    float[] hidden = new float[Math.multiplyExact(ids.length, model().width())];
    inParts(
        ids.length / positions,
        positions,
        (from, count) ->
            run(
                embedding,
                ImmutableMap.of(TraceGraph.IDS, ids(ids, positions, from, count)),
                TraceGraph.NEXT_HIDDEN,
                hidden,
                from * positions * model().width()));
    return hidden;
  }

  /** Returns the states after another effective layer. */
  private float[] next(long[] ids, int positions, float[] hidden, int layersBefore) {
    float[] next = new float[hidden.length];
    int row = positions * model().width();
    inParts(
        ids.length / positions,
        positions,
        (from, count) -> {
          ImmutableMap<String, Input> inputs =
              ImmutableMap.of(
                  TraceGraph.IDS,
                  ids(ids, positions, from, count),
                  TraceGraph.HIDDEN,
                  Input.of(hidden, from * row, count * row, count, positions, model().width()),
                  TraceGraph.LAYERS_BEFORE,
                  Input.of(layersBefore));
          run(layer, inputs, TraceGraph.NEXT_HIDDEN, next, from * row);
        });
    return next;
  }

  private static Input ids(long[] ids, int positions, int from, int count) {
    return () ->
        OnnxTensor.createTensor(
            NativeRuntime.environment(),
            LongBuffer.wrap(ids, from * positions, count * positions),
            new long[] {count, positions});
  }

  private interface Part {
    void run(int from, int count);
  }

  private static void inParts(int rows, int tokensPerRow, Part part) {
    int most = Math.max(1, TOKENS_PER_CALL / tokensPerRow);
    for (int from = 0; from < rows; from += most) {
      part.run(from, Math.min(most, rows - from));
    }
  }

  /** A tensor that is yet to be made. */
  private interface Input {
    OnnxTensor open() throws OrtException;

    static Input of(float[] values, int from, int count, long... shape) {
      return () ->
          OnnxTensor.createTensor(
              NativeRuntime.environment(), FloatBuffer.wrap(values, from, count), shape);
    }

    static Input of(long scalar) {
      return () -> OnnxTensor.createTensor(NativeRuntime.environment(), scalar);
    }
  }

  private static void run(
      RuntimeSession session, Map<String, Input> inputs, String output, float[] target, int from) {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Input> input : inputs.entrySet()) {
        tensors.put(input.getKey(), input.getValue().open());
      }
      try (OrtSession.Result result = session.run(tensors, output)) {
        FloatBuffer values = ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
        values.get(target, from, values.remaining());
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static long[] ids(QueryBatch queries, int positions) {
    long[] ids = new long[Math.multiplyExact(queries.size(), positions)];
    for (int row = 0; row < queries.size(); row++) {
      for (int position = 0; position < queries.length(row); position++) {
        ids[row * positions + position] = queries.id(row, position);
      }
    }
    return ids;
  }

  /** Returns the temporary folder, there until this is closed. */
  Path folder() {
    return folder;
  }

  private <T> T whileOpen(Supplier<T> run) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("this tracer is closed");
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
        embedding.close();
        layer.close();
        readout.close();
        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the temporary folder " + folder + " is left behind", e);
    } finally {
      lock.writeLock().unlock();
    }
  }
}
