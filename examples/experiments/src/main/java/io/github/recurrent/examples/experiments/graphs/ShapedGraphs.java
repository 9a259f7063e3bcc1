package io.github.recurrent.examples.experiments.graphs;

import io.github.recurrent.graph.KnowledgeGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes generated graphs in the shape of WN18RR, FB15k-237 and UMLS: as many entities, relations
 * and facts, as ambiguous, with heavy-tailed degrees. Nothing of the data itself is in them.
 *
 * <p>Usage: {@code ShapedGraphs [folder [seed]]}; the folder is {@code runs/graphs} unless given.
 */
public final class ShapedGraphs {
  private ShapedGraphs() {}

  /** Writes a {@code .tsv} file for each shape. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments.length > 0 ? arguments[0] : "runs/graphs");
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 42;
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
    }
  }
}
