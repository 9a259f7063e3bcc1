package io.github.recurrent.graph;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.recurrent.internal.storage.SortedFacts;
import io.github.recurrent.random.Seed;
import java.lang.System.Logger.Level;
import java.util.BitSet;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What a graph does with ambiguous pairs: a head and a relation by which it has several tails, as a
 * parent has several children.
 *
 * <p>All tails are facts, and a query along the relation has a set of right answers. A dataset
 * whose queries must have one answer each leaves some of the facts out. What a policy keeps is
 * logged, or told to its {@linkplain #listener listener}. Immutable, and thread-safe if the
 * listener is.
 */
@CheckReturnValue
public final class Ambiguity {
  private static final System.Logger LOG = System.getLogger(Ambiguity.class.getName());

  static final String NOTHING_LEFT =
      "each pair of a head and a relation has several tails, so that no fact is left; keep all tails"
          + " or one of each pair";

  private enum Policy {
    REFUSE,
    KEEP_ALL,
    DROP,
    KEEP_ONE
  }

  private final Policy policy;
  private final OptionalLong seed;
  private final Consumer<Kept> listener;

  private Ambiguity(Policy policy, OptionalLong seed, Consumer<Kept> listener) {
    this.policy = policy;
    this.seed = seed;
    this.listener = listener;
  }

  private static Ambiguity of(Policy policy) {
    return new Ambiguity(policy, OptionalLong.empty(), Kept::log);
  }

  /** Returns the policy that refuses a graph with an ambiguous pair, and names the first. */
  public static Ambiguity refuse() {
    return of(Policy.REFUSE);
  }

  /** Returns the policy that keeps all facts; the default wherever there is a choice. */
  public static Ambiguity keepAll() {
    return of(Policy.KEEP_ALL);
  }

  /** Returns the policy that leaves out all facts of ambiguous pairs. */
  public static Ambiguity dropAmbiguous() {
    return of(Policy.DROP);
  }

  /**
   * Returns the policy that keeps one random tail of each ambiguous pair.
   *
   * @param seed decides which, together with the names; the order of the facts does not matter
   */
  public static Ambiguity keepOne(long seed) {
    return new Ambiguity(Policy.KEEP_ONE, OptionalLong.of(seed), Kept::log);
  }

  /** Returns this policy with a listener, which is told of each graph in place of the log. */
  public Ambiguity listener(Consumer<Kept> kept) {
    return new Ambiguity(policy, seed, kept);
  }

  /**
   * What a policy kept of a graph.
   *
   * @param pairs the number of heads and relations that have a tail
   * @param ambiguousPairs the number of those that have several
   * @param factsBefore the number of distinct facts
   * @param factsAfter the number of facts that the graph has
   */
  public record Kept(long pairs, long ambiguousPairs, long factsBefore, long factsAfter) {
    private void log() {
      if (ambiguousPairs > 0) {
        LOG.log(
            Level.INFO,
            ambiguousPairs
                + " of "
                + pairs
                + " pairs of a head and a relation have several tails; "
                + factsAfter
                + " of "
                + factsBefore
                + " facts are kept");
      }
    }
  }

  boolean refuses() {
    return policy == Policy.REFUSE;
  }

  /**
   * Returns the graph of the facts that are kept, and tells the listener.
   *
   * @return a graph without facts if none is left
   * @throws IllegalArgumentException if the graph is ambiguous and this refuses it
   */
  KnowledgeGraph resolved(KnowledgeGraph graph) {
    SortedFacts facts = graph.facts();
    BitSet wanted = new BitSet(policy == Policy.KEEP_ALL ? 0 : facts.size());
    long pairs = 0;
    long ambiguousPairs = 0;
    for (int head = 0; head < facts.entities(); head++) {
      int endOfHead = facts.first(head + 1);
      int end;
      for (int first = facts.first(head); first < endOfHead; first = end) {
        end = facts.endOfPair(first, endOfHead);
        pairs++;
        if (end - first > 1) {
          ambiguousPairs++;
          choose(graph, first, end, wanted);
        } else if (policy != Policy.KEEP_ALL) {
          wanted.set(first);
        }
      }
    }
    KnowledgeGraph resolved =
        policy == Policy.KEEP_ALL || ambiguousPairs == 0 ? graph : graph.kept(wanted);
    listener.accept(new Kept(pairs, ambiguousPairs, facts.size(), resolved.atomicFacts()));
    return resolved;
  }

  private void choose(KnowledgeGraph graph, int first, int end, BitSet wanted) {
    switch (policy) {
      case REFUSE ->
          throw new IllegalArgumentException(
              TwoTails.message(graph, first + 1, first, "the graph", "another fact"));
      case KEEP_ONE -> wanted.set(chosen(graph, first, end));
      case KEEP_ALL, DROP -> {}
    }
  }

  private int chosen(KnowledgeGraph graph, int first, int end) {
    Seed pair =
        Seed.of(seed.orElseThrow())
            .child(graph.entityName(graph.head(first)))
            .child(graph.relationName(graph.relation(first)));
    int chosen = first;
    long least = Long.MAX_VALUE;
    for (int fact = first; fact < end; fact++) {
      long drawn = pair.child(graph.entityName(graph.tail(fact))).value();
      if (drawn <= least) {
        least = drawn;
        chosen = fact;
      }
    }
    return chosen;
  }

  @Override
  public String toString() {
    return switch (policy) {
      case REFUSE -> "refuse()";
      case KEEP_ALL -> "keepAll()";
      case DROP -> "dropAmbiguous()";
      case KEEP_ONE -> "keepOne(" + seed.orElseThrow() + ")";
    };
  }
}
