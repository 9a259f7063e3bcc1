package io.github.recurrent.graph;

import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Graphs in which heads have several tails by a relation. */
public final class SmallGraphs {
  private SmallGraphs() {}

  /** Returns the graph of triples such as {@code Ada | mother of | Bob}. */
  public static KnowledgeGraph of(String... triples) {
    return KnowledgeGraph.of(
        Stream.of(triples)
            .map(triple -> triple.split(" \\| ", -1))
            .map(names -> new Triple(names[0], names[1], names[2])));
  }

  /** Tells whether a triple is wanted. */
  @FunctionalInterface
  public interface Wanted {
    boolean test(String head, String relation, String tail);
  }

  /** Returns the graph of some facts of another, with its entities and relations. */
  public static KnowledgeGraph part(KnowledgeGraph graph, Wanted wanted) {
    BitSet kept = new BitSet();
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      kept.set(
          fact,
          wanted.test(
              graph.entityName(graph.head(fact)),
              graph.relationName(graph.relation(fact)),
              graph.entityName(graph.tail(fact))));
    }
    return graph.kept(kept);
  }

  /** Returns a graph of random triples, which need not be distinct. */
  public static KnowledgeGraph random(int entities, int relations, int triples, long seed) {
    Random random = new Random(seed);
    Stream<Triple> circle =
        IntStream.range(0, entities)
            .mapToObj(
                entity ->
                    new Triple(
                        "" + entity, "r" + entity % relations, "" + (entity + 1) % entities));
    Stream<Triple> others =
        IntStream.range(0, triples)
            .mapToObj(
                unused ->
                    new Triple(
                        "" + random.nextInt(entities),
                        "r" + random.nextInt(relations),
                        "" + random.nextInt(entities)));
    return KnowledgeGraph.of(Stream.concat(circle, others));
  }
}
