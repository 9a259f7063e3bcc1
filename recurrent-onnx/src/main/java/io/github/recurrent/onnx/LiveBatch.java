package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows at different iterations that pass the stack together; their states stay in native memory
 * from one iteration to the next. Not thread-safe.
 */
final class LiveBatch implements AutoCloseable {
  private final RecurrentDepthTransformer model;
  private final RuntimeSession session;
  private List<Row> rows = new ArrayList<>();
  private OrtSession.@Nullable Result carried;

  /** A query on its way: its tokens up to the one that is read. */
  static final class Row {
    private final int[] ids;
    private final int readPosition;
    private int firstToken = -1;

    /**
     * @param query the ids of head and relations
     */
    Row(RecurrentDepthTransformer model, int[] query) {
      readPosition = model.readPosition().index(query.length);
      ids = new int[Math.min(readPosition, query.length) + 1];
      System.arraycopy(query, 0, ids, 0, Math.min(ids.length, query.length));
    }

    /** Returns the number of tokens. */
    int tokens() {
      return ids.length;
    }

    /** A single pad stands for all up to the read one: pads are not attended to. */
    private int position(int token) {
      return token == ids.length - 1 ? readPosition : token;
    }
  }

  LiveBatch(RecurrentDepthTransformer model, RuntimeSession session) {
    this.model = model;
    this.session = session;
  }

  /** Returns the rows of the last iteration. */
  List<Row> rows() {
    return List.copyOf(rows);
  }

  /**
   * Runs one iteration.
   *
   * @param kept rows of the last iteration that go on, in any order
   * @param added new rows
   * @return the logits {@code [rows, vocabulary]}, of the kept rows first
   */
  float[] iterate(List<Row> kept, List<Row> added) {
    int keptTokens = kept.stream().mapToInt(Row::tokens).sum();
    List<Row> all = new ArrayList<>(kept);
    all.addAll(added);
    int tokens = all.stream().mapToInt(Row::tokens).sum();
    int length = all.stream().mapToInt(Row::tokens).max().orElseThrow();
    long[] keep = new long[keptTokens];
    long[] ids = new long[tokens];
    long[] positions = new long[tokens];
    long[] grid = new long[all.size() * length];
    long[] cells = new long[tokens];
    long[] read = new long[all.size()];
    int next = 0;
    for (int index = 0; index < all.size(); index++) {
      Row row = all.get(index);
      int first = next;
      for (int token = 0; token < length; token++) {
        int place = index * length + token;
        if (token >= row.tokens()) {
          grid[place] = -1;
          continue;
        }
        if (index < kept.size()) {
          int before = row.firstToken + token;
          keep[next] = before;
        }
        ids[next] = row.ids[token];
        positions[next] = row.position(token);
        grid[place] = next;
        cells[next] = place;
        next++;
      }
      row.firstToken = first;
      int last = next - 1;
      read[index] = last;
    }
    float[] logits =
        run(
            keep,
            Map.of(StepGraph.IDS, ids, StepGraph.CELLS, cells, StepGraph.READ, read),
            positions,
            grid,
            all.size());
    rows = all;
    return logits;
  }

  private float[] run(
      long[] keep, Map<String, long[]> vectors, long[] positions, long[] grid, int gridRows) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> inputs = new HashMap<>();
    List<OnnxTensor> own = new ArrayList<>();
    try {
      for (Map.Entry<String, long[]> vector : vectors.entrySet()) {
        put(environment, inputs, own, vector.getKey(), vector.getValue(), vector.getValue().length);
      }
      put(environment, inputs, own, StepGraph.KEEP, keep, keep.length);
      put(environment, inputs, own, StepGraph.GRID, grid, gridRows, grid.length / gridRows);
      if (model.positions() != PositionEncoding.NONE) {
        put(environment, inputs, own, StepGraph.POSITIONS, positions, positions.length);
      }
      if (carried == null) {
        OnnxTensor none =
            OnnxTensor.createTensor(
                environment, FloatBuffer.allocate(model.width()), new long[] {1, model.width()});
        own.add(none);
        inputs.put(StepGraph.HIDDEN, none);
      } else {
        inputs.put(StepGraph.HIDDEN, (OnnxTensor) carried.get(StepGraph.NEXT_HIDDEN).orElseThrow());
      }
      OrtSession.Result result = session.run(inputs);
      close();
      carried = result;
      return ((OnnxTensor) result.get(StepGraph.LOGITS).orElseThrow()).getFloatBuffer().array();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    } finally {
      own.forEach(OnnxTensor::close);
    }
  }

  private static void put(
      OrtEnvironment environment,
      Map<String, OnnxTensor> inputs,
      List<OnnxTensor> own,
      String name,
      long[] values,
      long... shape)
      throws OrtException {
    OnnxTensor tensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    own.add(tensor);
    inputs.put(name, tensor);
  }

  /** Lets go of all rows. */
  @Override
  public void close() {
    if (carried != null) {
      carried.close();
      carried = null;
    }
    rows = new ArrayList<>();
  }
}
