package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Optional;

/** Warns of graphs with more entities than a model can be trained on. */
final class GraphSize {
  /** The width of the smallest model that is of use. */
  private static final int WIDTH = 64;

  private static final long TRAINABLE_BYTES = 1_000_000_000;

  private GraphSize() {}

  /** Logs a warning if the graph is too large. */
  static void check(KnowledgeGraph graph) {
    warning(graph.entities())
        .ifPresent(text -> System.getLogger(GraphSize.class.getName()).log(Level.WARNING, text));
  }

  /** Returns the warning of a graph with so many entities, if there is something to warn of. */
  static Optional<String> warning(int entities) {
    long bytes = (long) entities * WIDTH * Float.BYTES;
    return bytes < TRAINABLE_BYTES
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "The embeddings of %d entities alone take %.1f GB in a model of width %d, and"
                    + " training takes several times as much. Train on a part of the graph: see"
                    + " KnowledgeGraph.subgraph(seeds, hops, max).",
                entities,
                bytes / 1e9,
                WIDTH));
  }
}
