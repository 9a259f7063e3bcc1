package io.github.recurrent.examples.experiments.graphs;

import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.graph.KnowledgeGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Writes generated graphs in the shape of WN18RR, FB15k-237 and UMLS: as many entities, relations
 * and facts, as ambiguous, with heavy-tailed degrees. Nothing of the data itself is in them. Beside
 * each stands its part around the entity of most facts, small enough to be trained on in minutes.
 *
 * <p>Usage: {@code ShapedGraphs [folder [seed [most facts of a part]]]}; the folder is {@code
 * runs/graphs} and a part has at most 3,000 facts unless given.
 */
public final class ShapedGraphs {
  private static final int HOPS = 20;

  private ShapedGraphs() {}

  /** Writes a {@code .tsv} file for each shape. */
  public static void main(String[] arguments) throws IOException {
    Arguments told = Arguments.of(arguments);
    Path folder = told.path(0, "runs/graphs");
    long seed = told.number(1, "seed", 42);
    int facts = told.number(2, "most facts of a part", 3000);
    Files.createDirectories(folder);
    Map<String, GraphShape> shapes =
        new TreeMap<>(
            Map.of(
                "wn18rr", GraphShape.WN18RR,
                "fb15k-237", GraphShape.FB15K_237,
                "umls", GraphShape.UMLS));
    for (Map.Entry<String, GraphShape> shape : shapes.entrySet()) {
      Path file = folder.resolve(shape.getKey() + "-shaped.tsv");
      KnowledgeGraph graph = ShapedGraph.draw(shape.getValue(), seed);
      graph.write(file);
      System.out.println(file + ": " + GraphShape.of(graph));
      Path partFile = folder.resolve(shape.getKey() + "-part.tsv");
      KnowledgeGraph part = graph.subgraph(ImmutableIntArray.of(hub(graph)), HOPS, facts);
      part.write(partFile);
      System.out.println(partFile + ": " + GraphShape.of(part));
    }
  }

  private static int hub(KnowledgeGraph graph) {
    int[] tails = new int[graph.entities()];
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      tails[graph.head(fact)]++;
    }
    return IntStream.range(0, tails.length)
        .boxed()
        .max(Comparator.comparingInt(entity -> tails[entity]))
        .orElseThrow();
  }
}
