package io.github.recurrent.graph;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.internal.storage.NameTable;
import io.github.recurrent.internal.storage.SmallInts;
import io.github.recurrent.internal.storage.SortedFacts;
import io.github.recurrent.random.Seed;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.immutables.value.Value;

/** How a random graph is drawn; a number that is absent was not chosen. */
@Value.Immutable
@Value.Style(visibilityString = "PACKAGE")
abstract class RandomGraph {
  abstract OptionalInt entities();

  abstract OptionalInt relations();

  abstract OptionalInt outDegree();

  @Value.Default
  boolean permutations() {
    return true;
  }

  @Value.Default
  long seed() {
    return 42;
  }

  @Value.Check
  void check() {
    checkArgument(
        entities().orElse(1) >= 1, "entities must be at least 1, but are %s", entities().orElse(1));
    checkArgument(
        relations().orElse(1) >= 1,
        "relations must be at least 1, but are %s",
        relations().orElse(1));
    checkArgument(
        outDegree().orElse(1) >= 1,
        "outDegree must be at least 1, but is %s",
        outDegree().orElse(1));
  }

  /** Draws the graph; {@link KnowledgeGraph.Builder#build} says what it throws. */
  final KnowledgeGraph draw() {
    checkState(entities().isPresent(), "entities were not given");
    checkState(relations().isPresent(), "relations were not given");
    return draw(entities().getAsInt(), relations().getAsInt());
  }

  private KnowledgeGraph draw(int entities, int relations) {
    int degree = outDegree().orElse(relations);
    checkArgument(
        degree <= relations,
        "outDegree must be at most the %s relations, but is %s: each fact of a head is by another"
            + " relation",
        relations,
        degree);
    Seed root = Seed.of(seed()).child("graph");
    checkArgument(
        (long) entities * degree < Integer.MAX_VALUE,
        "a graph holds fewer than %s facts, but %s entities with outDegree %s have more",
        Integer.MAX_VALUE,
        entities,
        degree);
    int facts = entities * degree;
    SmallInts factRelations = SmallInts.of(facts, relations);
    int[] factTails = new int[facts];
    int[][] bijections = permutations() ? bijections(root, entities, relations) : new int[0][];
    for (int head = 0; head < entities; head++) {
      UniformRandomProvider random = RandomStream.of(root.child("head", head));
      int[] chosen =
          degree == relations
              ? IntStream.range(0, relations).toArray()
              : new PermutationSampler(random, relations, degree).sample();
      Arrays.sort(chosen);
      for (int i = 0; i < degree; i++) {
        factRelations.set(head * degree + i, chosen[i]);
        factTails[head * degree + i] =
            permutations() ? bijections[chosen[i]][head] : random.nextInt(entities);
      }
    }
    return new KnowledgeGraph(
        NameTable.numbers(entities),
        NameTable.numbers(relations),
        new SortedFacts(
            IntStream.rangeClosed(0, entities).map(head -> head * degree).toArray(),
            factRelations,
            factTails));
  }

  private static int[][] bijections(Seed root, int entities, int relations) {
    int[][] bijections = new int[relations][];
    for (int relation = 0; relation < relations; relation++) {
      bijections[relation] = PermutationSampler.natural(entities);
      PermutationSampler.shuffle(
          RandomStream.of(root.child("relation", relation)), bijections[relation]);
    }
    return bijections;
  }
}
