package io.github.recurrent.checkpoint;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * A model with its vocabulary and parameters, where it came from, and, for a run that may go on,
 * the state of its training. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class Checkpoint {
  Checkpoint() {}

  /** Returns a builder; model, vocabulary and parameters must be given. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the specification of the model. */
  public abstract RecurrentDepthTransformer model();

  /** Returns the tokens of the model. */
  public abstract Vocabulary vocabulary();

  /** Returns the values of the model's parameters. */
  public abstract Parameters parameters();

  /** Returns how the model was made: data, configuration, seed, library version, by name. */
  public abstract ImmutableMap<String, String> provenance();

  /** Returns the state of the training, if it may go on. */
  public abstract Optional<TrainingState> trainingState();

  @Value.Check
  void check() {
    checkArgument(
        vocabulary().size() == model().vocabularySize(),
        "the vocabulary has %s tokens, but the model is for %s",
        vocabulary().size(),
        model().vocabularySize());
    checkArgument(
        parameters().shapes().equals(model().parameterShapes()),
        "the parameters have shapes %s, but the model is of %s",
        parameters().shapes(),
        model().parameterShapes());
  }

  /** Builds a {@link Checkpoint}. */
  public static final class Builder extends ImmutableCheckpoint.Builder {
    Builder() {}
  }
}
