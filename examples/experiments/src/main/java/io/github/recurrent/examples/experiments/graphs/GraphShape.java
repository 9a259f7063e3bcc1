package io.github.recurrent.examples.experiments.graphs;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.graph.KnowledgeGraph;
import java.util.Locale;

/**
 * How large a graph is and how ambiguous.
 *
 * @param entities the number of entities
 * @param relations the number of relations
 * @param facts the number of facts
 * @param onePairs the share of pairs of a head and a relation, in (0, 1), that have one tail
 * @param oneFacts the share of facts, in (0, 1), that are those of such pairs
 */
public record GraphShape(int entities, int relations, int facts, double onePairs, double oneFacts) {
  /** The shape of WN18RR, a part of WordNet. */
  public static final GraphShape WN18RR = new GraphShape(40_943, 11, 93_003, 0.82, 0.59);

  /** The shape of FB15k-237, a part of Freebase. */
  public static final GraphShape FB15K_237 = new GraphShape(14_541, 237, 310_116, 0.77, 0.46);

  /** The shape of UMLS, a small ontology of medicine. */
  public static final GraphShape UMLS = new GraphShape(135, 46, 6_529, 0.20, 0.03);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if there are none, or a share is not in (0, 1)
   */
  public GraphShape {
    checkArgument(
        entities >= 2 && relations >= 1 && facts >= 1,
        "a graph needs 2 entities, a relation and a fact, but has %s, %s and %s",
        entities,
        relations,
        facts);
    checkArgument(
        onePairs > 0 && onePairs < 1 && oneFacts > 0 && oneFacts < 1,
        "shares must be in (0, 1), but are %s and %s",
        onePairs,
        oneFacts);
  }

  /** Returns the shape of a graph. */
  public static GraphShape of(KnowledgeGraph graph) {
    int pairs = 0;
    int ones = 0;
    for (int fact = 0; fact < graph.atomicFacts(); ) {
      int next = fact + 1;
      while (next < graph.atomicFacts()
          && graph.relation(next) == graph.relation(fact)
          && graph.head(next) == graph.head(fact)) {
        next++;
      }
      pairs++;
      ones += next == fact + 1 ? 1 : 0;
      fact = next;
    }
    return new GraphShape(
        graph.entities(),
        graph.relations(),
        graph.atomicFacts(),
        (double) ones / pairs,
        (double) ones / graph.atomicFacts());
  }

  /** Returns the number of pairs that have one tail. */
  int ones() {
    return (int) Math.round(oneFacts * facts);
  }

  /** Returns the number of pairs that have several tails. */
  int severals() {
    return (int) Math.round(ones() / onePairs) - ones();
  }

  /** Returns such as {@code 135 entities, 46 relations, 6529 facts, 20% of pairs with one tail}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d entities, %d relations, %d facts, %.0f%% of pairs with one tail (%.0f%% of facts)",
        entities,
        relations,
        facts,
        100 * onePairs,
        100 * oneFacts);
  }
}
