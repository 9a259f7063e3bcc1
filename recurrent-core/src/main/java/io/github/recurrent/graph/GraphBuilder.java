package io.github.recurrent.graph;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.recurrent.random.Seed;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;

/**
 * Builds random graphs. Each entity is the head of as many facts as the out-degree says, each by
 * another relation. Not thread-safe.
 */
public final class GraphBuilder {
  private int entities;
  private int relations;
  private int outDegree;
  private boolean permutations = true;
  private long seed = 42;

  GraphBuilder() {}

  /**
   * Sets the number of entities.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  @CanIgnoreReturnValue
  public GraphBuilder entities(int count) {
    checkArgument(count >= 1, "entities must be at least 1, but are %s", count);
    entities = count;
    return this;
  }

  /**
   * Sets the number of relations.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  @CanIgnoreReturnValue
  public GraphBuilder relations(int count) {
    checkArgument(count >= 1, "relations must be at least 1, but are %s", count);
    relations = count;
    return this;
  }

  /**
   * Sets the number of facts of each head, at most the number of relations, which is the default.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  @CanIgnoreReturnValue
  public GraphBuilder outDegree(int facts) {
    checkArgument(facts >= 1, "outDegree must be at least 1, but is %s", facts);
    outDegree = facts;
    return this;
  }

  /**
   * Makes each relation a random permutation of the entities, so that no two heads share a tail;
   * the default, and the paper's choice for depth extrapolation.
   */
  @CanIgnoreReturnValue
  public GraphBuilder permutations() {
    permutations = true;
    return this;
  }

  /**
   * Draws each tail uniformly, so that relations are many-to-one: the paper's choice for two-hop
   * composition. Long chains then have a short cut, since their last few relations decide the
   * answer (paper app. B and K).
   */
  @CanIgnoreReturnValue
  public GraphBuilder randomTails() {
    permutations = false;
    return this;
  }

  /** Sets the root seed; 42 by default. */
  @CanIgnoreReturnValue
  public GraphBuilder seed(long root) {
    seed = root;
    return this;
  }

  /**
   * Draws the graph.
   *
   * @throws IllegalStateException if the number of entities or of relations was not given
   * @throws IllegalArgumentException if the out-degree is above the number of relations, or there
   *     are more facts than an array holds
   */
  public KnowledgeGraph build() {
    checkState(entities > 0, "entities were not given");
    checkState(relations > 0, "relations were not given");
    int degree = outDegree == 0 ? relations : outDegree;
    checkArgument(
        degree <= relations,
        "outDegree must be at most the %s relations, but is %s: each fact of a head is by another"
            + " relation",
        relations,
        degree);
    Seed root = Seed.of(seed).child("graph");
    checkArgument(
        (long) entities * degree < Integer.MAX_VALUE,
        "a graph holds fewer than %s facts, but %s entities with outDegree %s have more",
        Integer.MAX_VALUE,
        entities,
        degree);
    int facts = entities * degree;
    int[] factRelations = new int[facts];
    int[] factTails = new int[facts];
    int[][] bijections = permutations ? bijections(root) : new int[0][];
    for (int head = 0; head < entities; head++) {
      UniformRandomProvider random = root.child("head", head).random();
      int[] chosen =
          degree == relations
              ? IntStream.range(0, relations).toArray()
              : new PermutationSampler(random, relations, degree).sample();
      Arrays.sort(chosen);
      for (int i = 0; i < degree; i++) {
        factRelations[head * degree + i] = chosen[i];
        factTails[head * degree + i] =
            permutations ? bijections[chosen[i]][head] : random.nextInt(entities);
      }
    }
    return new KnowledgeGraph(
        numbers(entities),
        numbers(relations),
        IntStream.rangeClosed(0, entities).map(head -> head * degree).toArray(),
        factRelations,
        factTails);
  }

  private int[][] bijections(Seed root) {
    int[][] bijections = new int[relations][];
    for (int relation = 0; relation < relations; relation++) {
      bijections[relation] = PermutationSampler.natural(entities);
      PermutationSampler.shuffle(root.child("relation", relation).random(), bijections[relation]);
    }
    return bijections;
  }

  private static String[] numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
  }
}
