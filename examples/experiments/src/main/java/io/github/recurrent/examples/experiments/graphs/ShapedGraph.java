package io.github.recurrent.examples.experiments.graphs;

import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Triple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Draws a graph of some shape. Heads, tails and the numbers of tails are heavy-tailed, as in graphs
 * that people make: of what is drawn, half is drawn as often as it was before (Simon 1955), and
 * relations follow Zipf's law. Not thread-safe.
 */
final class ShapedGraph {
  private static final int TRIES = 20;

  private final GraphShape shape;
  private final Random random;

  /** All entities in random order, again and again, so that each is drawn. */
  private final List<Integer> entities;

  private final List<Integer> drawnHeads = new ArrayList<>();
  private final List<Integer> drawnTails = new ArrayList<>();
  private final double[] relationSums;
  private int nextEntity;

  private ShapedGraph(GraphShape shape, long seed) {
    this.shape = shape;
    random = new Random(seed);
    entities = new ArrayList<>(IntStream.range(0, shape.entities()).boxed().toList());
    Collections.shuffle(entities, random);
    relationSums = new double[shape.relations()];
    double sum = 0;
    for (int relation = 0; relation < relationSums.length; relation++) {
      sum += 1.0 / (relation + 1);
      relationSums[relation] = sum;
    }
  }

  static KnowledgeGraph draw(GraphShape shape, long seed) {
    return new ShapedGraph(shape, seed).draw();
  }

  private KnowledgeGraph draw() {
    List<Integer> counts = tailCounts();
    Set<Long> pairs = new HashSet<>();
    List<Triple> triples = new ArrayList<>();
    for (int pair = 0; pair < counts.size(); pair++) {
      int head;
      int relation;
      do {
        head = entity(drawnHeads);
        relation = pair < shape.relations() ? pair : relation();
      } while (!pairs.add((long) head * shape.relations() + relation));
      drawnHeads.add(head);
      Set<Integer> tails = new HashSet<>();
      while (tails.size() < counts.get(pair)) {
        int tail = tail(tails);
        drawnTails.add(tail);
        triples.add(new Triple("e" + head, "r" + relation, "e" + tail));
      }
    }
    return KnowledgeGraph.of(triples);
  }

  /** Returns the numbers of tails of all pairs, in random order. */
  private List<Integer> tailCounts() {
    int severals = shape.severals();
    int[] counts = new int[severals];
    List<Integer> owners = new ArrayList<>();
    int left = shape.facts() - shape.ones() - 2 * severals;
    for (int pair = 0; pair < severals; pair++) {
      counts[pair] = 2;
      owners.add(pair);
      int until = (int) ((long) left * (severals - 1 - pair) / severals);
      for (int more = (int) ((long) left * (severals - pair) / severals); more > until; more--) {
        int drawn = owners.get(random.nextInt(owners.size()));
        // A pair has at most as many tails as there are entities; half of them leave others a
        // choice.
        int owner = counts[drawn] < shape.entities() / 2 ? drawn : pair;
        counts[owner]++;
        owners.add(owner);
      }
    }
    List<Integer> all = new ArrayList<>(Collections.nCopies(shape.ones(), 1));
    for (int count : counts) {
      all.add(count);
    }
    Collections.shuffle(all, random);
    return all;
  }

  private int relation() {
    double drawn = random.nextDouble() * relationSums[relationSums.length - 1];
    int relation = 0;
    while (relationSums[relation] < drawn) {
      relation++;
    }
    return relation;
  }

  private int entity(List<Integer> drawn) {
    if (!drawn.isEmpty() && random.nextBoolean()) {
      return drawn.get(random.nextInt(drawn.size()));
    }
    return fresh();
  }

  private int fresh() {
    return entities.get(nextEntity++ % entities.size());
  }

  /** Draws a tail that is new to its pair, and adds it. */
  private int tail(Set<Integer> tails) {
    for (int tried = 0; tried < TRIES; tried++) {
      int tail = entity(drawnTails);
      if (tails.add(tail)) {
        return tail;
      }
    }
    int tail;
    do {
      tail = fresh();
    } while (!tails.add(tail));
    return tail;
  }
}
