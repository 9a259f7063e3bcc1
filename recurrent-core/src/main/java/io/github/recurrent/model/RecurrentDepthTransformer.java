package io.github.recurrent.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Doubles;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Parameters.Shape;
import org.immutables.value.Value;

/**
 * The specification of a recurrent-depth transformer: a stack of decoder blocks that is applied R
 * times with the same weights (paper §3).
 *
 * <p>A block is GPT-2's, pre-layer-norm: {@code x += c_proj(attn(ln_1 x)); x +=
 * c_proj(gelu(c_fc(ln_2 x)))}, with an MLP of four times the width, the tanh form of GELU, causal
 * attention that never attends to pads, and layer-norm ε = 1e-5. Then come a final layer norm and a
 * head that is the token embedding transposed. There is no prelude, coda, gate or thinking token.
 * Defaults are the paper's for depth extrapolation. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class RecurrentDepthTransformer {
  /** Added to the variance in every layer norm. */
  public static final double LAYER_NORM_EPSILON = 1e-5;

  RecurrentDepthTransformer() {}

  /** Returns a builder with the paper's values; only the vocabulary must be given. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the number of tokens, {@code <pad>} included. */
  public abstract int vocabularySize();

  /** Returns the width of the hidden state; 768 by default. */
  @Value.Default
  public int width() {
    return 768;
  }

  /** Returns the number of blocks in the shared stack, L; 4 by default. */
  @Value.Default
  public int layers() {
    return 4;
  }

  /** Returns the number of attention heads of a block, a divisor of the width; 12 by default. */
  @Value.Default
  public int heads() {
    return 12;
  }

  /** Returns how positions are marked; not at all by default. */
  @Value.Default
  public PositionEncoding positions() {
    return PositionEncoding.NONE;
  }

  /**
   * Returns the greatest number of tokens of a row, pads included, for models with positions; 5 by
   * default as in the published composition models. Models without positions take any length.
   */
  @Value.Default
  public int maxPositions() {
    return 5;
  }

  /**
   * Returns the slope of each head's linear bias (ALiBi; Press, Smith and Lewis 2022), or nothing,
   * as in the paper, for heads without: a score falls by the slope with every token that lies
   * between the one that attends and the one attended to.
   *
   * <p>Any length can have them, whatever was trained on. Steep slopes, such as 8, hold a head to
   * the token before, so that a chain of hops is worked off alike at every depth.
   */
  public abstract ImmutableList<Double> attentionSlopes();

  /**
   * Returns where the answer is read; by default at the first pad without positions, and at column
   * 2 with them, as in the published composition models.
   */
  @Value.Default
  public ReadPosition readPosition() {
    return positions() == PositionEncoding.NONE ? ReadPosition.firstPad() : ReadPosition.column(2);
  }

  /** Returns the number of iterations in training; clip(Poisson(4), 2, 8) by default. */
  @Value.Default
  public Recurrence recurrence() {
    return Recurrence.poisson(4).between(2, 8);
  }

  /**
   * Returns whether the initial embeddings are added to the hidden state before every iteration but
   * the first; false by default.
   */
  @Value.Default
  public boolean inputInjection() {
    return false;
  }

  /** Returns how parameters are drawn before training. */
  @Value.Default
  public Initialization initialization() {
    return Initialization.zeroProjections();
  }

  /** Returns the width of one attention head. */
  public final int headWidth() {
    return width() / heads();
  }

  /** Returns the width of the MLP's hidden layer, four times the model's. */
  public final int mlpWidth() {
    return 4 * width();
  }

  /** Returns the effective depth, L·R, after R iterations. */
  public final int effectiveDepth(int iterations) {
    return layers() * iterations;
  }

  /**
   * Returns the number of tokens, pads included, of a batch whose longest query has the given
   * number of tokens.
   *
   * @throws IllegalArgumentException if the model takes no query of that length
   */
  public final int paddedLength(int queryTokens) {
    int length = readPosition().paddedLength(queryTokens);
    checkArgument(
        positions() == PositionEncoding.NONE || length <= maxPositions(),
        "a query of %s tokens needs %s positions, but the model has %s",
        queryTokens,
        length,
        maxPositions());
    return length;
  }

  /** Returns the shape of every parameter by its published name, in a stable order. */
  @Value.Lazy
  public ImmutableMap<String, Shape> parameterShapes() {
    return ParameterShapes.of(this);
  }

  /** Returns the number of trained values; the tied head counts once. */
  public final long parameterCount() {
    return parameterShapes().values().stream().mapToLong(Shape::size).sum();
  }

  @Value.Check
  void check() {
    checkArgument(
        vocabularySize() >= 2, "vocabularySize must be at least 2, but is %s", vocabularySize());
    checkArgument(width() >= 1, "width must be at least 1, but is %s", width());
    checkArgument(layers() >= 1, "layers must be at least 1, but is %s", layers());
    checkArgument(heads() >= 1, "heads must be at least 1, but is %s", heads());
    checkArgument(
        width() % heads() == 0, "width %s is not a multiple of the %s heads", width(), heads());
    checkArgument(
        attentionSlopes().isEmpty() || attentionSlopes().size() == heads(),
        "attentionSlopes must be one for each of the %s heads, or none, but are %s",
        heads(),
        attentionSlopes());
    checkArgument(
        attentionSlopes().stream()
            .allMatch(slope -> slope >= 0 && Float.isFinite(slope.floatValue())),
        "attentionSlopes must be at least 0 and finite, but are %s",
        attentionSlopes());
    checkArgument(
        maxPositions() >= 1, "maxPositions must be at least 1, but is %s", maxPositions());
    // What every row has, however short its query.
    long columns = readPosition().paddedLength(1);
    checkArgument(
        positions() == PositionEncoding.NONE || columns <= maxPositions(),
        "the read position \"%s\" needs rows of %s tokens, but the model has %s positions",
        readPosition(),
        columns,
        maxPositions());
    checkArgument(
        columns * columns <= Integer.MAX_VALUE / heads(),
        "the read position \"%s\" needs rows of %s tokens, whose attention scores of %s heads are"
            + " too many values",
        readPosition(),
        columns,
        heads());
    checkArgument(
        positions() != PositionEncoding.SINUSOIDAL || width() % 2 == 0,
        "sinusoidal positions need an even width, but it is %s",
        width());
    checkArgument(
        positions() == PositionEncoding.NONE
            || (long) maxPositions() * width() <= Integer.MAX_VALUE,
        "%s positions of width %s are too many values",
        maxPositions(),
        width());
  }

  /** Builds a {@link RecurrentDepthTransformer}. */
  public static final class Builder extends ImmutableRecurrentDepthTransformer.Builder {
    Builder() {}

    /** Gives the heads linear biases, one slope for each. */
    public Builder attentionSlopes(double... slopes) {
      return attentionSlopes(Doubles.asList(slopes));
    }

    /** Takes the number of tokens from a vocabulary. */
    public Builder vocabulary(Vocabulary vocabulary) {
      return vocabularySize(vocabulary.size());
    }
  }
}
