package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.recurrent.dataset.CompositionDataset.ID_ATOMIC;
import static io.github.recurrent.dataset.CompositionDataset.OOD_ATOMIC;
import static io.github.recurrent.dataset.CompositionDataset.TEST_INFERRED_IID;
import static io.github.recurrent.dataset.CompositionDataset.TEST_INFERRED_OOD;
import static io.github.recurrent.dataset.CompositionDataset.TRAIN_INFERRED;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.immutables.value.Value;

/** How a {@link CompositionDataset} is composed from a graph. */
@Value.Immutable
@Value.Style(visibilityString = "PACKAGE")
abstract class CompositionPlan {
  private static final int MAX_OF_TYPE = 3000;

  abstract KnowledgeGraph graph();

  @Value.Default
  double oodShare() {
    return 0.05;
  }

  @Value.Default
  double heldOutShare() {
    return 0.005;
  }

  @Value.Default
  double inferredRatio() {
    return 7.2;
  }

  @Value.Default
  long seed() {
    return 42;
  }

  @Value.Check
  void check() {
    checkArgument(
        oodShare() > 0 && oodShare() < 1,
        "oodShare must be above 0 and below 1, but is %s",
        oodShare());
    checkArgument(
        heldOutShare() > 0 && heldOutShare() < 1,
        "heldOutShare must be above 0 and below 1, but is %s",
        heldOutShare());
    checkArgument(
        inferredRatio() > 0 && Double.isFinite(inferredRatio()),
        "inferredRatio must be positive and finite, but is %s",
        inferredRatio());
  }

  /** Composes the dataset; {@link CompositionDataset.Builder#build} says what it throws. */
  final CompositionDataset draw() {
    GraphSize.check(graph());
    Vocabulary vocabulary = Vocabulary.of(graph());
    GraphFacts graphFacts = new GraphFacts(graph(), vocabulary, AnswerMemory.ofThisProgram());
    Seed root = Seed.of(seed()).child("composition");
    Facts atomic = graphFacts.facts(1, graphFacts.atomic(), root.child("atomic-answers"));
    BitSet ood = ood(atomic.size(), root.child("ood"));
    Compositions candidates = new Compositions();
    Compositions heldOut = new Compositions();
    Compositions oodOnly = new Compositions();
    UniformRandomProvider random = RandomStream.of(root.child("held-out"));
    new TwoHopQueries(graph(), ood)
        .forEach(
            (head, first, second, kind) -> {
              switch (kind) {
                case OOD -> oodOnly.add(head, first, second);
                case ID ->
                    (random.nextDouble() < heldOutShare() ? heldOut : candidates)
                        .add(head, first, second);
                case MIXED -> {}
              }
            });
    Facts inferred =
        chosen(
            candidates.facts(graphFacts, root.child("inferred-answers")),
            atomic.size() - ood.cardinality(),
            root.child("inferred"));
    Facts validation = oodOnly.facts(graphFacts, root.child("validation-answers"));
    Split test =
        Split.of(
            ImmutableMap.of(
                ID_ATOMIC, sample(subset(atomic, ood, false), ID_ATOMIC, root),
                OOD_ATOMIC, sample(subset(atomic, ood, true), OOD_ATOMIC, root),
                TRAIN_INFERRED, sample(inferred, TRAIN_INFERRED, root),
                TEST_INFERRED_IID,
                    sample(
                        heldOut.facts(graphFacts, root.child("held-out-answers")),
                        TEST_INFERRED_IID,
                        root),
                TEST_INFERRED_OOD, sample(validation, TEST_INFERRED_OOD, root)));
    return new CompositionDataset(vocabulary, atomic, inferred, validation, test);
  }

  private BitSet ood(int facts, Seed oodSeed) {
    int count = (int) Math.round(oodShare() * facts);
    if (count < 1 || count >= facts) {
      throw new IllegalArgumentException(
          "an OOD share of "
              + oodShare()
              + " of "
              + facts
              + " atomic facts leaves one side empty; "
              + (facts < 2
                  ? "no share can be had"
                  : "from " + 1.0 / facts + " to " + (facts - 1.0) / facts + " can be had"));
    }
    BitSet ood = new BitSet(facts);
    for (int fact : new PermutationSampler(RandomStream.of(oodSeed), facts, count).sample()) {
      ood.set(fact);
    }
    return ood;
  }

  private Facts chosen(Facts candidates, int idAtomic, Seed chosenSeed) {
    long wanted = Math.round(inferredRatio() * idAtomic);
    checkArgument(
        1 <= wanted && wanted <= candidates.size(),
        "a ratio of %s asks for %s inferred training facts, but the graph has %s; %s",
        inferredRatio(),
        wanted,
        candidates.size(),
        candidates.size() == 0
            ? "no ratio can be had"
            : "from "
                + 1.0 / idAtomic
                + " to "
                + (double) candidates.size() / idAtomic
                + " can be had");
    return candidates.sample((int) wanted, chosenSeed);
  }

  private static Facts sample(Facts facts, String type, Seed root) {
    return facts.sample(MAX_OF_TYPE, root.child(type));
  }

  private static Facts subset(Facts atomic, BitSet ood, boolean inOod) {
    return atomic.chosen(
        IntStream.range(0, atomic.size()).filter(fact -> ood.get(fact) == inOod).toArray());
  }

  /** Two-hop queries, as the indices of entities and relations. */
  private static final class Compositions {
    private final ImmutableIntArray.Builder rows = ImmutableIntArray.builder();

    void add(int head, int first, int second) {
      rows.add(head);
      rows.add(first);
      rows.add(second);
    }

    Facts facts(GraphFacts graphFacts, Seed answers) {
      return graphFacts.facts(2, rows.build().toArray(), answers);
    }
  }
}
