package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.internal.graph.StepGraph;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows at different iterations that pass the stack together; their states stay in native memory
 * from one iteration to the next, and what depends on the rows alone is made anew only where they
 * change. Not thread-safe.
 */
final class LiveBatch implements AutoCloseable {
  private static final float[] NOTHING = new float[0];

  private final RecurrentDepthTransformer model;
  private final StepRunner runner;
  private final RowLayout layout;
  private final CarriedStates states;
  private final NativeTensors entering = new NativeTensors();
  private final NativeTensors running = new NativeTensors();
  private final NativeTensors reading = new NativeTensors();
  private final NativeTensors outputs = new NativeTensors();
  private FloatBuffer logits = FloatBuffer.allocate(0);
  private FloatBuffer readStates = FloatBuffer.allocate(0);
  private List<Row> rows = List.of();
  private List<Row> readRows = List.of();
  private int tokens;
  private int iterations;
  private boolean settled;

  /** A query on its way: its tokens up to the one that is read, which is the last. */
  static class Row {
    private final int[] ids;
    private final int readPosition;
    private int firstToken;

    /**
     * @param query the ids of head and relations
     */
    Row(RecurrentDepthTransformer model, int[] query) {
      readPosition = model.readPosition().index(query.length);
      ids = new int[Math.min(readPosition, query.length) + 1];
      System.arraycopy(query, 0, ids, 0, Math.min(ids.length, query.length));
    }

    /** Returns the number of tokens. */
    final int tokens() {
      return ids.length;
    }

    /** Returns the id of a token. */
    final int id(int token) {
      return ids[token];
    }

    /** A single pad stands for all up to the read one: pads are not attended to. */
    final int position(int token) {
      return token == ids.length - 1 ? readPosition : token;
    }
  }

  LiveBatch(RecurrentDepthTransformer model, StepRunner runner) {
    this.model = model;
    this.runner = runner;
    this.layout = new RowLayout(model);
    this.states = new CarriedStates(model.width());
  }

  /**
   * Runs iterations, and reads rows after the last.
   *
   * @param kept rows of the last iteration that go on, in any order
   * @param added new rows
   * @param count the number of iterations, at least 1
   * @param read those of all that are read
   * @param withStates whether their hidden states are read too
   * @throws IllegalStateException if the runtime fails; all rows are gone then
   */
  Readings iterate(
      List<? extends Row> kept,
      List<? extends Row> added,
      int count,
      List<? extends Row> read,
      boolean withStates) {
    try {
      enter(kept, added);
      count(count);
      read(read);
      run(!read.isEmpty(), withStates);
      return new Readings(
          read.isEmpty() ? NOTHING : floats(logits),
          read.isEmpty() || !withStates ? NOTHING : floats(readStates));
    } catch (OrtException e) {
      close();
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    }
  }

  /** Lays out the rows, unless they are as they were. */
  private void enter(List<? extends Row> kept, List<? extends Row> added) throws OrtException {
    boolean same = added.isEmpty() && kept.equals(rows);
    if (same && settled) {
      return;
    }
    int keptTokens = tokens(kept);
    int newTokens = tokens(added);
    entering.begin((keptTokens + 2L * newTokens) * Long.BYTES);
    LongBuffer keep = entering.longs(StepGraph.KEEP, keptTokens);
    for (Row row : kept) {
      for (int token = 0; token < row.tokens(); token++) {
        keep.put((long) row.firstToken + token);
      }
    }
    if (!model.inputInjection()) {
      layout.putTokens(entering, added, newTokens);
    }
    settled = same;
    if (same) {
      return;
    }
    rows = new ArrayList<>(kept);
    rows.addAll(added);
    reading.close();
    tokens = 0;
    for (Row row : rows) {
      row.firstToken = tokens;
      tokens += row.tokens();
    }
    layout.change(rows, tokens);
  }

  private static int tokens(List<? extends Row> rows) {
    int tokens = 0;
    for (Row row : rows) {
      tokens += row.tokens();
    }
    return tokens;
  }

  private void count(int count) throws OrtException {
    if (iterations == count) {
      return;
    }
    running.begin(Long.BYTES);
    running.longs(StepGraph.ITERATIONS).put(count);
    iterations = count;
  }

  private void read(List<? extends Row> read) throws OrtException {
    if (!reading.tensors().isEmpty() && read.equals(readRows)) {
      return;
    }
    readRows = List.copyOf(read);
    reading.begin((long) read.size() * Long.BYTES);
    LongBuffer last = reading.longs(StepGraph.READ, read.size());
    for (Row row : read) {
      last.put((long) row.firstToken + row.tokens() - 1);
    }
    int vocabulary = model.vocabularySize();
    outputs.begin(Float.BYTES * NativeTensors.size(read.size(), vocabulary + model.width()));
    logits = outputs.floats(StepGraph.LOGITS, read.size(), vocabulary);
    readStates = outputs.floats(StepGraph.READ_STATES, read.size(), model.width());
  }

  private void run(boolean reads, boolean withStates) throws OrtException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    inputs.putAll(layout.tensors());
    inputs.putAll(entering.tensors());
    inputs.putAll(running.tensors());
    inputs.putAll(reading.tensors());
    inputs.put(StepGraph.HIDDEN, states.last());
    Map<String, OnnxTensor> wanted = new HashMap<>();
    if (reads) {
      wanted.putAll(outputs.tensors());
      if (!withStates) {
        wanted.remove(StepGraph.READ_STATES);
      }
    }
    wanted.put(StepGraph.NEXT_HIDDEN, states.next(tokens));
    runner.run(inputs, wanted);
    states.turn();
  }

  private static float[] floats(FloatBuffer buffer) {
    float[] values = new float[buffer.capacity()];
    buffer.get(0, values);
    return values;
  }

  /** Lets go of all rows; others may follow. */
  @Override
  public void close() {
    states.close();
    entering.close();
    running.close();
    reading.close();
    outputs.close();
    layout.close();
    rows = List.of();
    readRows = List.of();
    iterations = 0;
    settled = false;
  }
}
