package io.github.recurrent.graph;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.internal.text.TokenNames;
import io.github.recurrent.internal.text.TokenText;
import java.util.List;
import java.util.Objects;

/**
 * A multi-hop question: from a head entity along a chain of relations, which entity is reached?
 *
 * <pre>{@code
 * Query.from("Ada").follow("mother of").follow("born in")
 * }</pre>
 *
 * <p>Several entities may be reached, where a head has several tails by a relation. Tokens are
 * those of a vocabulary, such as {@code <e_17>} and {@code <r_3>}. Immutable and thread-safe.
 */
public final class Query {
  private final String head;
  private final ImmutableList<String> relations;

  private Query(String head, ImmutableList<String> relations) {
    this.head = head;
    this.relations = relations;
  }

  /** Begins a query at the entity with the given name, as it is in the graph. */
  public static Start from(String entity) {
    return new Start(TokenNames.entity(entity));
  }

  /** The entity at which a query begins. Immutable and thread-safe. */
  public static final class Start {
    private final String head;

    private Start(String head) {
      this.head = head;
    }

    /** Returns the query of one hop that follows the relation with the given name. */
    public Query follow(String relation) {
      return of(head, TokenNames.relation(relation));
    }
  }

  /** Returns this query with one hop more, which follows the relation with the given name. */
  public Query follow(String relation) {
    return new Query(
        head,
        ImmutableList.<String>builderWithExpectedSize(hops() + 1)
            .addAll(relations)
            .add(TokenNames.relation(relation))
            .build());
  }

  /**
   * Returns the query that starts at an entity and follows the relations in order.
   *
   * @throws IllegalArgumentException if there is no relation or a token is not of the form {@code
   *     <text>}
   */
  public static Query of(String head, String... relations) {
    return of(head, ImmutableList.copyOf(relations));
  }

  /**
   * Returns the query that starts at an entity and follows the relations in order.
   *
   * @throws IllegalArgumentException if there is no relation or a token is not of the form {@code
   *     <text>}
   */
  public static Query of(String head, List<String> relations) {
    if (relations.isEmpty()) {
      throw new IllegalArgumentException(
          "a query needs at least one relation, but has only its head " + head);
    }
    requireToken(head);
    relations.forEach(Query::requireToken);
    return new Query(head, ImmutableList.copyOf(relations));
  }

  /**
   * Returns the query of a record's {@code input_text}, such as {@code <e_17><r_3><r_8>}.
   *
   * @throws IllegalArgumentException if the text is not a chain of at least two tokens
   */
  public static Query parse(String text) {
    ImmutableList<String> tokens = TokenText.split(text);
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("a query needs a head entity, but is empty");
    }
    return of(tokens.get(0), tokens.subList(1, tokens.size()));
  }

  private static void requireToken(String token) {
    if (!TokenText.isToken(token)) {
      throw new IllegalArgumentException(
          "\"" + token + "\" is not a token; tokens are of the form <e_17> or <r_3>");
    }
  }

  /** Returns the token of the entity the chain starts at. */
  public String head() {
    return head;
  }

  /** Returns the tokens of the relations, first hop first. */
  public ImmutableList<String> relations() {
    return relations;
  }

  /**
   * Returns the name of the entity the chain starts at.
   *
   * @throws IllegalArgumentException if its token is not that of an entity, {@code <e_name>}
   */
  public String headName() {
    return TokenNames.entityName(head);
  }

  /**
   * Returns the names of the relations, first hop first.
   *
   * @throws IllegalArgumentException if a token is not that of a relation, {@code <r_name>}
   */
  public ImmutableList<String> relationNames() {
    return relations.stream()
        .map(TokenNames::relationName)
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the number of hops, at least 1. */
  public int hops() {
    return relations.size();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Query that
        && head.equals(that.head)
        && relations.equals(that.relations);
  }

  @Override
  public int hashCode() {
    return Objects.hash(head, relations);
  }

  /** Returns the text of the query, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return head + String.join("", relations);
  }
}
