package io.github.recurrent.graph;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;

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
