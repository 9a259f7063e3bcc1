package io.github.recurrent.examples.experiments;

import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.Trainer;

/** What experiments on two-hop composition at laptop size have in common. */
public final class LaptopComposition {
  private LaptopComposition() {}

  /** Returns two-hop facts of 30 entities and 10 permutation relations. */
  public static CompositionDataset data(long seed) {
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(30).relations(10).permutations().seed(seed).build();
    return CompositionDataset.from(graph)
        .oodShare(0.2)
        .heldOutShare(0.05)
        .inferredRatio(7)
        .seed(seed)
        .build();
  }

  /** Returns the trainer of a model of a number of layers and iterations, all else alike. */
  public static Trainer trainer(CompositionDataset data, int layers, int iterations, long seed) {
    Preset preset = Preset.laptopComposition();
    RecurrentDepthTransformer model =
        preset
            .model(data.vocabulary())
            .layers(layers)
            .recurrence(Recurrence.fixed(iterations))
            .build();
    return preset.trainer(model).seed(seed);
  }
}
