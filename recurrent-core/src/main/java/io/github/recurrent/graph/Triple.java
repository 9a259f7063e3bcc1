package io.github.recurrent.graph;

import java.util.Objects;

/**
 * A fact by the names of its entities and its relation.
 *
 * @param head the entity that the fact is about
 * @param relation how the tail relates to it
 * @param tail the entity to which the relation leads
 */
public record Triple(String head, String relation, String tail) {
  /** Creates a triple. */
  public Triple {
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(relation, "relation");
    Objects.requireNonNull(tail, "tail");
  }
}
