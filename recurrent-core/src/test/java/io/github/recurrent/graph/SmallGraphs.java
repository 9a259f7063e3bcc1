package io.github.recurrent.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Graphs in which heads have several tails by a relation. */
public final class SmallGraphs {
  private SmallGraphs() {}

  /** Returns the graph of triples such as {@code Ada | mother of | Bob}. */
  public static KnowledgeGraph of(String... triples) {
    Set<String> entities = new LinkedHashSet<>();
    Set<String> relations = new LinkedHashSet<>();
    for (String triple : triples) {
      String[] names = triple.split(" \\| ", -1);
      entities.add(names[0]);
      entities.add(names[2]);
      relations.add(names[1]);
    }
    return of(List.copyOf(entities), List.copyOf(relations), triples);
  }

  /** Tells whether a triple is wanted. */
  @FunctionalInterface
  public interface Wanted {
    boolean test(String head, String relation, String tail);
  }

  /** Returns the graph of some facts of another, with its entities and relations. */
  public static KnowledgeGraph part(KnowledgeGraph graph, Wanted wanted) {
    List<String> triples = new ArrayList<>();
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      String head = graph.entityName(graph.head(fact));
      String relation = graph.relationName(graph.relation(fact));
      String tail = graph.entityName(graph.tail(fact));
      if (wanted.test(head, relation, tail)) {
        triples.add(head + " | " + relation + " | " + tail);
      }
    }
    return of(
        IntStream.range(0, graph.entities()).mapToObj(graph::entityName).toList(),
        IntStream.range(0, graph.relations()).mapToObj(graph::relationName).toList(),
        triples.toArray(String[]::new));
  }

  private static KnowledgeGraph of(
      List<String> entities, List<String> relations, String[] triples) {
    TreeSet<int[]> facts = new TreeSet<>(Arrays::compare);
    for (String triple : triples) {
      String[] names = triple.split(" \\| ", -1);
      facts.add(
          new int[] {
            entities.indexOf(names[0]), relations.indexOf(names[1]), entities.indexOf(names[2])
          });
    }
    int[] firsts = new int[entities.size() + 1];
    facts.forEach(fact -> firsts[fact[0] + 1]++);
    for (int head = 0; head < entities.size(); head++) {
      firsts[head + 1] += firsts[head];
    }
    return new KnowledgeGraph(
        entities.toArray(String[]::new),
        relations.toArray(String[]::new),
        firsts,
        facts.stream().mapToInt(fact -> fact[1]).toArray(),
        facts.stream().mapToInt(fact -> fact[2]).toArray());
  }

  /** Returns a graph of random triples, which need not be distinct. */
  public static KnowledgeGraph random(int entities, int relations, int triples, long seed) {
    Random random = new Random(seed);
    String[] all = new String[entities + triples];
    for (int entity = 0; entity < entities; entity++) {
      all[entity] = entity + " | r" + entity % relations + " | " + (entity + 1) % entities;
    }
    for (int triple = 0; triple < triples; triple++) {
      all[entities + triple] =
          random.nextInt(entities)
              + " | r"
              + random.nextInt(relations)
              + " | "
              + random.nextInt(entities);
    }
    return of(all);
  }
}
