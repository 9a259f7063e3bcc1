package io.github.recurrent.examples.benchmarks;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.Parameters.Shape;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A model that computes what a smaller one does, at the cost of its own size: copies of the smaller
 * one side by side, which do not touch, and further layers that change nothing. It halts where the
 * smaller one does, so that what halting saves can be measured at a size that takes days to train.
 */
final class WiderModel {
  private final RecurrentDepthTransformer narrow;
  private final RecurrentDepthTransformer wide;
  private final Parameters parameters;
  private final int copies;

  private WiderModel(
      RecurrentDepthTransformer narrow,
      RecurrentDepthTransformer wide,
      Parameters parameters,
      int copies) {
    this.narrow = narrow;
    this.wide = wide;
    this.parameters = parameters;
    this.copies = copies;
  }

  /** Returns a model as many times as wide, with as many layers as said, at least its own. */
  static Checkpoint of(Checkpoint checkpoint, int copies, int layers) {
    RecurrentDepthTransformer narrow = checkpoint.model();
    checkArgument(layers >= narrow.layers(), "%s layers are less than %s", layers, narrow.layers());
    checkArgument(
        narrow.positions() == PositionEncoding.NONE, "positions are of the smaller width");
    ImmutableList.Builder<Double> slopes = ImmutableList.builder();
    for (int copy = 0; copy < copies; copy++) {
      slopes.addAll(narrow.attentionSlopes());
    }
    RecurrentDepthTransformer wide =
        RecurrentDepthTransformer.builder()
            .from(narrow)
            .width(copies * narrow.width())
            .heads(copies * narrow.heads())
            .layers(layers)
            .attentionSlopes(slopes.build())
            .build();
    WiderModel model = new WiderModel(narrow, wide, checkpoint.parameters(), copies);
    return Checkpoint.builder()
        .model(wide)
        .vocabulary(checkpoint.vocabulary())
        .parameters(model.parameters())
        .provenance(checkpoint.provenance())
        .build();
  }

  private Parameters parameters() {
    Map<String, float[]> values = new HashMap<>();
    wide.parameterShapes()
        .forEach(
            (name, shape) ->
                values.put(
                    name,
                    parameters.shapes().containsKey(name)
                        ? widened(name)
                        : unchanging(name, shape)));
    return Parameters.of(wide, values);
  }

  private float[] widened(String name) {
    FloatBuffer values = parameters.values(name);
    if (name.equals("token_embedding.weight")) {
      return sideBySide(values, narrow.width());
    }
    if (name.startsWith("ln_f.")) {
      // The readout adds up what all copies say.
      float[] widened = sideBySide(values, values.remaining());
      for (int i = 0; i < widened.length; i++) {
        widened[i] /= copies;
      }
      return widened;
    }
    if (name.endsWith(".c_attn.bias")) {
      // Queries, keys and values are parts of one vector.
      return sideBySide(values, narrow.width());
    }
    Shape shape = Objects.requireNonNull(parameters.shapes().get(name));
    if (shape.rank() == 1) {
      return sideBySide(values, values.remaining());
    }
    int[] sizes = shape.toArray();
    return blocks(
        values, sizes[0], sizes[1], name.endsWith(".c_attn.weight") ? narrow.width() : sizes[1]);
  }

  /** Repeats every so many values. */
  private float[] sideBySide(FloatBuffer values, int run) {
    float[] repeated = new float[copies * values.remaining()];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = values.get(i / (copies * run) * run + i % run);
    }
    return repeated;
  }

  /**
   * Puts a matrix on the diagonal for every copy.
   *
   * @param part the columns of a part, all copies of which come before the next part
   */
  private float[] blocks(FloatBuffer values, int rows, int columns, int part) {
    float[] matrix = new float[copies * rows * copies * columns];
    for (int copy = 0; copy < copies; copy++) {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          int wideColumn = column / part * part * copies + copy * part + column % part;
          matrix[(copy * rows + row) * copies * columns + wideColumn] =
              values.get(row * columns + column);
        }
      }
    }
    return matrix;
  }

  /** Returns a parameter of a block whose projections add nothing to the hidden state. */
  private static float[] unchanging(String name, Shape shape) {
    float[] values = new float[shape.size()];
    if (name.contains(".ln_") && name.endsWith(".weight")) {
      Arrays.fill(values, 1);
    }
    return values;
  }
}
