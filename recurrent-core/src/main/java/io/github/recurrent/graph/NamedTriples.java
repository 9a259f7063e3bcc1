package io.github.recurrent.graph;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** Makes graphs of triples in memory. */
final class NamedTriples {
  private NamedTriples() {}

  static KnowledgeGraph graph(Iterable<Triple> triples) {
    Map<String, Integer> entities = new LinkedHashMap<>();
    Map<String, Integer> relations = new LinkedHashMap<>();
    TreeSet<int[]> facts = new TreeSet<>(Arrays::compare);
    for (Triple triple : triples) {
      facts.add(
          new int[] {
            number(entities, triple.head()),
            number(relations, triple.relation()),
            number(entities, triple.tail())
          });
    }
    int[] firsts = new int[entities.size() + 1];
    facts.forEach(fact -> firsts[fact[0] + 1]++);
    for (int head = 0; head < entities.size(); head++) {
      firsts[head + 1] += firsts[head];
    }
    return new KnowledgeGraph(
        entities.keySet().toArray(String[]::new),
        relations.keySet().toArray(String[]::new),
        firsts,
        facts.stream().mapToInt(fact -> fact[1]).toArray(),
        facts.stream().mapToInt(fact -> fact[2]).toArray());
  }

  private static int number(Map<String, Integer> names, String name) {
    Integer next = names.size();
    Integer known = names.putIfAbsent(name, next);
    return known == null ? next : known;
  }
}
