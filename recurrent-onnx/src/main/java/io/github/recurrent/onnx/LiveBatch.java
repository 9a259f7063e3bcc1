package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.common.collect.ImmutableSet;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows at different iterations that pass the stack together; their states stay in native memory
 * from one iteration to the next, and what depends on the rows alone is made anew only where they
 * change. Not thread-safe.
 */
final class LiveBatch implements AutoCloseable {
  private static final ImmutableSet<String> STATES_ONLY = ImmutableSet.of(StepGraph.NEXT_HIDDEN);
  private static final ImmutableSet<String> READ =
      ImmutableSet.of(StepGraph.NEXT_HIDDEN, StepGraph.LOGITS);
  private static final ImmutableSet<String> READ_WITH_STATES =
      ImmutableSet.of(StepGraph.NEXT_HIDDEN, StepGraph.LOGITS, StepGraph.READ_STATES);

  private final RecurrentDepthTransformer model;
  private final StepRunner runner;
  private final RowLayout layout;
  private final NativeInputs entering = new NativeInputs();
  private final NativeInputs reading = new NativeInputs();
  private List<Row> rows = List.of();
  private List<Row> readRows = List.of();
  private boolean settled;
  private OrtSession.@Nullable Result carried;

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
  }

  /**
   * Runs one iteration.
   *
   * @param kept rows of the last iteration that go on, in any order
   * @param added new rows
   * @param read those of all that are read
   * @param states whether their hidden states are read too
   * @throws IllegalStateException if the runtime fails; all rows are gone then
   */
  Readings iterate(
      List<? extends Row> kept,
      List<? extends Row> added,
      List<? extends Row> read,
      boolean states) {
    try {
      enter(kept, added);
      read(read);
      return run(read.isEmpty() ? STATES_ONLY : states ? READ_WITH_STATES : READ);
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
    entering.begin((keptTokens + 2L * newTokens) * Long.BYTES + (long) model.width() * Float.BYTES);
    if (carried == null) {
      // There must be a state, though none is kept.
      entering.floats(StepGraph.HIDDEN, 1, model.width());
    }
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
    int next = 0;
    for (Row row : rows) {
      row.firstToken = next;
      next += row.tokens();
    }
    layout.change(rows, next);
  }

  private static int tokens(List<? extends Row> rows) {
    int tokens = 0;
    for (Row row : rows) {
      tokens += row.tokens();
    }
    return tokens;
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
  }

  private Readings run(ImmutableSet<String> wanted) throws OrtException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    inputs.putAll(layout.tensors());
    inputs.putAll(entering.tensors());
    inputs.putAll(reading.tensors());
    if (carried != null) {
      inputs.put(StepGraph.HIDDEN, (OnnxTensor) carried.get(StepGraph.NEXT_HIDDEN).orElseThrow());
    }
    OrtSession.Result result = runner.run(inputs, wanted);
    if (carried != null) {
      carried.close();
    }
    carried = result;
    return new Readings(floats(result, StepGraph.LOGITS), floats(result, StepGraph.READ_STATES));
  }

  private static float[] floats(OrtSession.Result result, String name) {
    return result
        .get(name)
        .map(tensor -> ((OnnxTensor) tensor).getFloatBuffer().array())
        .orElseGet(() -> new float[0]);
  }

  /** Lets go of all rows; others may follow. */
  @Override
  public void close() {
    if (carried != null) {
      carried.close();
      carried = null;
    }
    entering.close();
    reading.close();
    layout.close();
    rows = List.of();
    readRows = List.of();
    settled = false;
  }
}
