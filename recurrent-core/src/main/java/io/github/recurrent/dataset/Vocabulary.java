package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkElementIndex;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.graph.KnowledgeGraph;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The tokens of a model, in the order of their ids.
 *
 * <p>Id 0 is always {@link #PAD}. Then come one token per entity ({@code <e_name>}), one per
 * relation ({@code <r_name>}) and the specials {@code <mask> <sep> <a> </a> <q> </q>} (SPEC of the
 * published data). Immutable and thread-safe.
 */
public final class Vocabulary {
  /** The padding token; its id is 0. */
  public static final String PAD = "<pad>";

  /** The token that ends a record's target. */
  public static final String END_OF_ANSWER = "</a>";

  private static final ImmutableList<String> SPECIALS =
      ImmutableList.of("<mask>", "<sep>", "<a>", END_OF_ANSWER, "<q>", "</q>");
  private static final String ENTITY_PREFIX = "<e_";
  private static final String RELATION_PREFIX = "<r_";

  private final ImmutableList<String> tokens;
  private final ImmutableMap<String, Integer> ids;
  private final int[] entityIds;
  private final int[] relationIds;

  private Vocabulary(ImmutableList<String> tokens) {
    this.tokens = tokens;
    ImmutableMap.Builder<String, Integer> index = ImmutableMap.builder();
    for (int id = 0; id < tokens.size(); id++) {
      index.put(tokens.get(id), id);
    }
    this.ids = index.buildOrThrow();
    this.entityIds = idsOf(tokens, ENTITY_PREFIX);
    this.relationIds = idsOf(tokens, RELATION_PREFIX);
  }

  private static int[] idsOf(List<String> tokens, String prefix) {
    return IntStream.range(0, tokens.size())
        .filter(id -> tokens.get(id).startsWith(prefix))
        .toArray();
  }

  /** Returns the vocabulary of a graph: its entities, its relations, the six specials. */
  public static Vocabulary of(KnowledgeGraph graph) {
    ImmutableList.Builder<String> tokens = ImmutableList.builder();
    tokens.add(PAD);
    for (int entity = 0; entity < graph.entities(); entity++) {
      tokens.add(ENTITY_PREFIX + graph.entityName(entity) + ">");
    }
    for (int relation = 0; relation < graph.relations(); relation++) {
      tokens.add(RELATION_PREFIX + graph.relationName(relation) + ">");
    }
    return new Vocabulary(tokens.addAll(SPECIALS).build());
  }

  /**
   * Returns the vocabulary with the given tokens; {@link #PAD} is put in front when it is missing.
   *
   * @throws IllegalArgumentException if a token is repeated or is not of the form {@code <text>},
   *     if {@link #PAD} stands elsewhere than in front, or if there is no entity or no relation
   */
  public static Vocabulary ofTokens(List<String> tokens) {
    ImmutableList.Builder<String> all = ImmutableList.builder();
    if (!tokens.contains(PAD)) {
      all.add(PAD);
    }
    ImmutableList<String> ordered = all.addAll(tokens).build();
    if (!ordered.get(0).equals(PAD)) {
      throw new IllegalArgumentException(
          PAD + " must be the first token, but is at index " + ordered.indexOf(PAD));
    }
    for (int id = 0; id < ordered.size(); id++) {
      String token = ordered.get(id);
      if (!TokenText.isToken(token)) {
        throw new IllegalArgumentException(
            "token " + id + " is \"" + token + "\", but must be of the form <text>");
      }
      if (ordered.indexOf(token) != id) {
        throw new IllegalArgumentException("token " + token + " is repeated at index " + id);
      }
    }
    Vocabulary vocabulary = new Vocabulary(ordered);
    if (vocabulary.entities() == 0 || vocabulary.relations() == 0) {
      throw new IllegalArgumentException(
          "a vocabulary needs entities (<e_…>) and relations (<r_…>), but has "
              + vocabulary.entities()
              + " and "
              + vocabulary.relations());
    }
    return vocabulary;
  }

  /** Returns the number of tokens, {@link #PAD} included. */
  public int size() {
    return tokens.size();
  }

  /** Returns the number of entities. */
  public int entities() {
    return entityIds.length;
  }

  /** Returns the number of relations. */
  public int relations() {
    return relationIds.length;
  }

  /** Returns all tokens in the order of their ids, {@link #PAD} first. */
  public ImmutableList<String> tokens() {
    return tokens;
  }

  /**
   * Returns the token with the given id.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= id < size()}
   */
  public String token(int id) {
    return tokens.get(id);
  }

  /**
   * Returns the id of a token.
   *
   * @throws IllegalArgumentException if this vocabulary lacks it
   */
  public int id(String token) {
    Integer id = ids.get(token);
    if (id == null) {
      throw new IllegalArgumentException(
          "unknown token \""
              + token
              + "\"; this vocabulary has "
              + entities()
              + " entities ("
              + token(entityIds[0])
              + " … "
              + token(entityIds[entityIds.length - 1])
              + ") and "
              + relations()
              + " relations ("
              + token(relationIds[0])
              + " … "
              + token(relationIds[relationIds.length - 1])
              + ")");
    }
    return id;
  }

  /** Returns whether this vocabulary has a token. */
  public boolean contains(String token) {
    return ids.containsKey(token);
  }

  /** Returns the id of the token of an entity, by the entity's index in the graph. */
  public int entityId(int entity) {
    return entityIds[checkElementIndex(entity, entityIds.length, "entity")];
  }

  /** Returns the id of the token of a relation, by the relation's index in the graph. */
  public int relationId(int relation) {
    return relationIds[checkElementIndex(relation, relationIds.length, "relation")];
  }

  /** Returns whether an id is that of an entity. */
  public boolean isEntity(int id) {
    return token(id).startsWith(ENTITY_PREFIX);
  }

  /** Returns whether an id is that of a relation. */
  public boolean isRelation(int id) {
    return token(id).startsWith(RELATION_PREFIX);
  }

  /**
   * Returns the ids of a query's tokens: the head, then its relations.
   *
   * @throws IllegalArgumentException if a token is unknown, the head is no entity, or a relation is
   *     no relation
   */
  public int[] encode(Query query) {
    int[] encoded = new int[query.hops() + 1];
    encoded[0] = id(query.head());
    if (!isEntity(encoded[0])) {
      throw new IllegalArgumentException(
          "the head of " + query + " must be an entity, but is " + query.head());
    }
    for (int hop = 1; hop <= query.hops(); hop++) {
      String relation = query.relations().get(hop - 1);
      encoded[hop] = id(relation);
      if (!isRelation(encoded[hop])) {
        throw new IllegalArgumentException(
            "hop " + hop + " of " + query + " must be a relation, but is " + relation);
      }
    }
    return encoded;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocabulary that && tokens.equals(that.tokens);
  }

  @Override
  public int hashCode() {
    return tokens.hashCode();
  }

  @Override
  public String toString() {
    return "Vocabulary[" + entities() + " entities, " + relations() + " relations]";
  }
}
