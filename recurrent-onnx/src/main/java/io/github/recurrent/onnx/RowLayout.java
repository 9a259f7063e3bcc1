package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.internal.graph.BlockStack;
import io.github.recurrent.onnx.internal.graph.StepGraph;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The inputs of {@link StepGraph} that depend on its rows alone. Not thread-safe. */
final class RowLayout implements AutoCloseable {
  private final RecurrentDepthTransformer model;
  private final int heads;
  private final NativeTensors inputs = new NativeTensors();

  RowLayout(RecurrentDepthTransformer model) {
    this.model = model;
    this.heads = model.heads();
  }

  /** Lays out rows, whose tokens stand one after another. */
  void change(List<? extends LiveBatch.Row> rows, int tokens) throws OrtException {
    int length = 0;
    boolean alike = true;
    for (LiveBatch.Row row : rows) {
      length = Math.max(length, row.tokens());
      alike &= row.tokens() == rows.get(0).tokens() && endsWithPad(row) == endsWithPad(rows.get(0));
    }
    int masks = alike ? 1 : rows.size();
    long places = NativeTensors.size(rows.size(), heads, length);
    inputs.begin(
        Long.BYTES * (places + (heads + 2L) * tokens)
            + Float.BYTES * (NativeTensors.size(masks, length, length) + (long) heads * length));
    putPlaces(rows, tokens, length);
    if (model.inputInjection()) {
      putTokens(inputs, rows, tokens);
    }
    putMask(rows.subList(0, masks), length);
    if (!model.attentionSlopes().isEmpty()) {
      putBiases(length);
    }
  }

  private void putPlaces(List<? extends LiveBatch.Row> rows, int tokens, int length)
      throws OrtException {
    LongBuffer queries = inputs.longs(StepGraph.QUERIES, rows.size(), heads, length);
    LongBuffer places = inputs.longs(StepGraph.PLACES, tokens, heads);
    long first = 0;
    for (int row = 0; row < rows.size(); row++) {
      int rowTokens = rows.get(row).tokens();
      for (int head = 0; head < heads; head++) {
        for (int token = 0; token < length; token++) {
          // A place without a token takes some other: no token attends to what comes after it.
          queries.put((first + Math.min(token, rowTokens - 1)) * 3 * heads + head);
        }
      }
      for (int token = 0; token < rowTokens; token++) {
        for (int head = 0; head < heads; head++) {
          places.put(((long) row * heads + head) * length + token);
        }
      }
      first += rowTokens;
    }
  }

  /** Puts the ids of tokens, and their positions if the model has them. */
  void putTokens(NativeTensors target, List<? extends LiveBatch.Row> rows, int tokens)
      throws OrtException {
    LongBuffer ids = target.longs(StepGraph.IDS, tokens);
    for (LiveBatch.Row row : rows) {
      for (int token = 0; token < row.tokens(); token++) {
        ids.put(row.id(token));
      }
    }
    if (model.positions() != PositionEncoding.NONE) {
      LongBuffer positions = target.longs(StepGraph.POSITIONS, tokens);
      for (LiveBatch.Row row : rows) {
        for (int token = 0; token < row.tokens(); token++) {
          positions.put(row.position(token));
        }
      }
    }
  }

  private void putMask(List<? extends LiveBatch.Row> rows, int length) throws OrtException {
    FloatBuffer mask = inputs.floats(StepGraph.MASK, rows.size(), 1, length, length);
    Map<Integer, float[]> byPad = new HashMap<>();
    for (LiveBatch.Row row : rows) {
      int pad = endsWithPad(row) ? row.tokens() - 1 : length;
      mask.put(byPad.computeIfAbsent(pad, key -> mask(length, key)));
    }
  }

  /** A token attends to none that comes after it, and to no pad. */
  private static float[] mask(int length, int pad) {
    float[] mask = new float[length * length];
    for (int query = 0; query < length; query++) {
      for (int key = 0; key < length; key++) {
        mask[query * length + key] = key > query || key == pad ? BlockStack.MASKED : 0;
      }
    }
    return mask;
  }

  private void putBiases(int length) throws OrtException {
    FloatBuffer biases = inputs.floats(StepGraph.BIASES, heads, 1, length);
    for (double slope : model.attentionSlopes()) {
      for (int key = 0; key < length; key++) {
        biases.put((float) slope * key);
      }
    }
  }

  private static boolean endsWithPad(LiveBatch.Row row) {
    return row.id(row.tokens() - 1) == 0;
  }

  /** Returns the inputs by name. */
  Map<String, OnnxTensor> tensors() {
    return inputs.tensors();
  }

  @Override
  public void close() {
    inputs.close();
  }
}
