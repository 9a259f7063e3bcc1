package io.github.recurrent.examples.experiments.graphs;

import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Triple;
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
 * each stand the facts among its best connected entities, with inverse relations, few enough to be
 * trained on in minutes.
 *
 * <p>Usage: {@code ShapedGraphs [folder [seed [most facts of a part]]]}; the folder is {@code
 * runs/graphs} and a part has at most 3,000 facts unless given.
 */
public final class ShapedGraphs {
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
      KnowledgeGraph part = core(graph, (facts + 1) / 2).withInverses();
      part.write(partFile);
      System.out.println(partFile + ": " + GraphShape.of(part));
    }
  }

  /** Returns the facts among as many of the best connected entities as have at most so many. */
  private static KnowledgeGraph core(KnowledgeGraph graph, int most) {
    int[] rank = ranks(graph);
    // A fact is among the best connected entities from the worse connected of its two on.
    int[] added = new int[rank.length];
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      added[Math.max(rank[graph.head(fact)], rank[graph.tail(fact)])]++;
    }
    int entities = 0;
    int facts = 0;
    while (entities < added.length && facts + added[entities] <= most) {
      facts += added[entities++];
    }
    int kept = entities;
    return KnowledgeGraph.of(
        IntStream.range(0, graph.atomicFacts())
            .filter(fact -> Math.max(rank[graph.head(fact)], rank[graph.tail(fact)]) < kept)
            .mapToObj(
                fact ->
                    new Triple(
                        graph.entityName(graph.head(fact)),
                        graph.relationName(graph.relation(fact)),
                        graph.entityName(graph.tail(fact)))));
  }

  /** Returns how many entities have more facts than each, as head or tail. */
  private static int[] ranks(KnowledgeGraph graph) {
    int[] degrees = new int[graph.entities()];
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      degrees[graph.head(fact)]++;
      degrees[graph.tail(fact)]++;
    }
    int[] ranks = new int[degrees.length];
    int rank = 0;
    for (int entity :
        IntStream.range(0, degrees.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer entity) -> degrees[entity]).reversed())
            .toList()) {
      ranks[entity] = rank++;
    }
    return ranks;
  }
}
