package io.github.recurrent.tf;

import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The values of a known experiment: a model and how it is trained. Both can be altered before use,
 * and everything else about a run (device, seed, listeners, checkpoints) is chosen on the trainer.
 * Immutable and thread-safe.
 */
public final class Preset {
  private final String name;
  private final Supplier<RecurrentDepthTransformer.Builder> model;
  private final Function<RecurrentDepthTransformer, Trainer> trainer;

  Preset(
      String name,
      Supplier<RecurrentDepthTransformer.Builder> model,
      Function<RecurrentDepthTransformer, Trainer> trainer) {
    this.name = name;
    this.model = model;
    this.trainer = trainer;
  }

  /** Returns a builder with the preset's values for a vocabulary. */
  public RecurrentDepthTransformer.Builder model(Vocabulary vocabulary) {
    return model.get().vocabulary(vocabulary);
  }

  /** Returns a trainer with the preset's values for a model, the preset's own or another. */
  public Trainer trainer(RecurrentDepthTransformer specification) {
    return trainer.apply(specification);
  }

  /** Returns the preset's name. */
  @Override
  public String toString() {
    return name;
  }
}
