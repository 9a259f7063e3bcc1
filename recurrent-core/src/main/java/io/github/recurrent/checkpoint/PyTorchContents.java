package io.github.recurrent.checkpoint;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import org.immutables.value.Value;

/**
 * What a PyTorch file tells of the model whose parameters it holds. The number of heads, the read
 * position and the recurrence show in no parameter. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class PyTorchContents {
  PyTorchContents() {}

  /** Returns the number of layers of the shared stack. */
  public abstract int layers();

  /** Returns the width of the hidden state. */
  public abstract int width();

  /** Returns the number of tokens, {@code <pad>} included. */
  public abstract int vocabularySize();

  /** Returns how positions are encoded. */
  public abstract PositionEncoding positions();

  /** Returns the number of positions; 0 without positions. */
  public abstract int maxPositions();

  /** Returns the plain values that are saved beside the parameters, such as the epoch. */
  public abstract ImmutableMap<String, String> provenance();

  /**
   * Returns a builder of a specification with all that the file tells; the number of heads, and
   * whatever else differs from the defaults, is to be set.
   */
  public final RecurrentDepthTransformer.Builder model() {
    RecurrentDepthTransformer.Builder model =
        RecurrentDepthTransformer.builder()
            .vocabularySize(vocabularySize())
            .width(width())
            .layers(layers())
            .positions(positions());
    return positions() == PositionEncoding.NONE ? model : model.maxPositions(maxPositions());
  }

  /** Returns such as {@code 2 layers of width 48, vocabulary 217, no positions}. */
  @Override
  public final String toString() {
    return text(layers(), width(), vocabularySize(), positions(), maxPositions());
  }

  /** Returns the same of a specification. */
  static String text(RecurrentDepthTransformer model) {
    return text(
        model.layers(),
        model.width(),
        model.vocabularySize(),
        model.positions(),
        model.maxPositions());
  }

  private static String text(
      int layers, int width, int vocabularySize, PositionEncoding positions, int maxPositions) {
    return layers
        + (layers == 1 ? " layer" : " layers")
        + " of width "
        + width
        + ", vocabulary "
        + vocabularySize
        + ", "
        + switch (positions) {
          case NONE -> "no positions";
          case LEARNED -> maxPositions + " learned positions";
          case SINUSOIDAL -> maxPositions + " sinusoidal positions";
        };
  }
}
