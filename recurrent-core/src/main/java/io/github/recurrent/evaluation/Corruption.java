package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * How a query is changed into another one of a different answer: its head is, or the relation of a
 * hop, or both. Immutable and thread-safe.
 */
public final class Corruption {
  private final boolean head;

  /** The hop whose relation is changed; 0 for none. */
  private final int hop;

  private Corruption(boolean head, int hop) {
    this.head = head;
    this.hop = hop;
  }

  /** Puts another entity in the place of the head. */
  public static Corruption head() {
    return new Corruption(true, 0);
  }

  /**
   * Puts another relation in the place of that of a hop, counted from 1.
   *
   * @throws IllegalArgumentException if the hop is not at least 1
   */
  public static Corruption relation(int hop) {
    checkArgument(hop >= 1, "hops count from 1, but this is %s", hop);
    return new Corruption(false, hop);
  }

  /** Puts others in the place of the head and of the first relation (paper fig. 11). */
  public static Corruption headAndFirstRelation() {
    return new Corruption(true, 1);
  }

  /** Returns whether it can be made in queries of a number of hops. */
  boolean fits(int hops) {
    return hop <= hops;
  }

  /**
   * Draws one of the queries, all alike, that this makes of one and that have an answer, which is
   * another one, as is the entity that the first hop from the change on reaches.
   *
   * @param query the ids of the head and the relations; they have an answer
   * @return the ids, or nothing if there is none
   */
  Optional<int[]> draw(int[] query, AtomicFacts facts, UniformRandomProvider random) {
    checkState(fits(query.length - 1), "hop %s of a query of %s", hop, query.length - 1);
    int from = Math.max(1, hop);
    int answer = facts.answer(query);
    int bridge = follow(query, from, facts);
    int[] changed = query.clone();
    Optional<int[]> drawn = Optional.empty();
    int found = 0;
    ImmutableIntArray heads = head ? facts.entities() : ImmutableIntArray.of(query[0]);
    ImmutableIntArray relations = hop > 0 ? facts.relations() : ImmutableIntArray.of(query[from]);
    for (int h = 0; h < heads.length(); h++) {
      for (int r = 0; r < relations.length(); r++) {
        changed[0] = heads.get(h);
        changed[from] = relations.get(r);
        if ((head && changed[0] == query[0]) || (hop > 0 && changed[from] == query[from])) {
          continue;
        }
        int other = follow(changed, from, facts);
        if (other == AtomicFacts.NONE || other == bridge) {
          continue;
        }
        int otherAnswer = facts.follow(other, changed, from + 1);
        // The n-th found takes the place of the one kept with probability 1/n.
        if (otherAnswer != AtomicFacts.NONE
            && otherAnswer != answer
            && random.nextInt(++found) == 0) {
          drawn = Optional.of(changed.clone());
        }
      }
    }
    return drawn;
  }

  private static int follow(int[] query, int hops, AtomicFacts facts) {
    return facts.answer(Arrays.copyOf(query, hops + 1));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Corruption that && head == that.head && hop == that.hop;
  }

  @Override
  public int hashCode() {
    return Objects.hash(head, hop);
  }

  /** Returns what is changed, such as {@code head and r1}. */
  @Override
  public String toString() {
    return (head ? "head" : "") + (head && hop > 0 ? " and " : "") + (hop > 0 ? "r" + hop : "");
  }
}
