package io.github.recurrent.graph;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Optional;

/**
 * What a graph says to a query: the ways along its chain, or where the chain breaks off. Immutable
 * and thread-safe.
 *
 * @param query the query
 * @param ways the first ways, in the order of the entities after each hop as the graph numbers them
 * @param isComplete whether there are no more ways
 * @param deadEnd where the chain breaks off, if it leads nowhere
 */
public record Explanation(
    Query query, ImmutableList<Way> ways, boolean isComplete, Optional<DeadEnd> deadEnd) {

  /**
   * Where a chain breaks off: none of the entities that it reaches has a tail by the next relation.
   *
   * @param hop the number of the hop that cannot be made, from 1
   * @param relation the name of its relation
   * @param reached the names of the entities that the hops before reach, a few of them
   * @param reachedCount the number of all these entities
   */
  public record DeadEnd(int hop, String relation, ImmutableList<String> reached, int reachedCount) {

    /** Returns such as {@code hop 2, "born in", leads nowhere from Bob}. */
    @Override
    public String toString() {
      return "hop "
          + hop
          + ", \""
          + relation
          + "\", leads nowhere from "
          + String.join(", ", reached)
          + (reachedCount > reached.size() ? " … (" + reachedCount + " entities)" : "");
    }
  }

  /** Returns the names of the entities at which the ways end, each once. */
  public ImmutableSet<String> ends() {
    return ways.stream().map(Way::end).collect(ImmutableSet.toImmutableSet());
  }

  /** Returns the ways, one a line, or where the chain breaks off. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    ways.forEach(way -> text.append(way).append('\n'));
    if (!isComplete) {
      text.append("…\n");
    }
    deadEnd.ifPresent(end -> text.append(end).append('\n'));
    return text.toString().stripTrailing();
  }

  /**
   * A way through a graph: the entities on it by name, and the relations that lead from each to the
   * next. Immutable and thread-safe.
   *
   * @param entities the head, the entity after each hop, and so last the end
   * @param relations the relation of each hop
   */
  public record Way(ImmutableList<String> entities, ImmutableList<String> relations) {
    /**
     * Checks the numbers of names.
     *
     * @throws IllegalArgumentException unless there is one entity more than relations
     */
    public Way {
      checkArgument(
          entities.size() == relations.size() + 1,
          "a way of %s relations needs one entity more, but has %s",
          relations.size(),
          entities.size());
    }

    /** Returns the entities between the head and the end, in their order. */
    public ImmutableList<String> bridges() {
      return entities.subList(1, Math.max(1, entities.size() - 1));
    }

    /** Returns the entity at which the way ends. */
    public String end() {
      return entities.get(entities.size() - 1);
    }

    /** Returns the way as text, such as {@code Ada —mother of→ Bob —born in→ Paris}. */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(entities.get(0));
      for (int hop = 0; hop < relations.size(); hop++) {
        text.append(" —").append(relations.get(hop)).append("→ ").append(entities.get(hop + 1));
      }
      return text.toString();
    }
  }
}
