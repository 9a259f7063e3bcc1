package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkElementIndex;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.internal.folder.CompleteFile;
import io.github.recurrent.internal.storage.NearestNames;
import io.github.recurrent.internal.text.TokenNames;
import io.github.recurrent.internal.text.TokenText;
import io.github.recurrent.internal.text.Utf8File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
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

  private static final String ENTITY = "<e_";
  private static final String RELATION = "<r_";

  /** Tokens up to which they are kept as strings too, so that they need not be made anew. */
  private static final int MAX_STRINGS = 1 << 16;

  private final TokenTable table;
  private final ImmutableList<String> strings;
  private final int[] entityIds;
  private final int[] relationIds;

  private Vocabulary(TokenList list) {
    this.table = list.tokens();
    this.strings =
        table.size() > MAX_STRINGS
            ? ImmutableList.of()
            : IntStream.range(0, table.size())
                .mapToObj(table::text)
                .collect(ImmutableList.toImmutableList());
    this.entityIds = idsOf(table, ENTITY);
    this.relationIds = idsOf(table, RELATION);
  }

  private static int[] idsOf(TokenTable table, String prefix) {
    return IntStream.range(0, table.size()).filter(id -> table.startsWith(id, prefix)).toArray();
  }

  /** Returns the vocabulary of a graph: its entities, its relations, the six specials. */
  public static Vocabulary of(KnowledgeGraph graph) {
    TokenList tokens = new TokenList();
    for (int entity = 0; entity < graph.entities(); entity++) {
      tokens.add(entityToken(graph.entityName(entity)));
    }
    for (int relation = 0; relation < graph.relations(); relation++) {
      tokens.add(relationToken(graph.relationName(relation)));
    }
    SPECIALS.forEach(tokens::add);
    return new Vocabulary(tokens);
  }

  /**
   * Returns the token of an entity of a graph, by its name: {@code <e_name>}. As a token ends at
   * its first {@code >}, angle brackets of a name are written as in XML, with an ampersand and a
   * semicolon; so is an ampersand, but only where it would else be read as the beginning of such.
   */
  public static String entityToken(String name) {
    return TokenNames.entity(name);
  }

  /**
   * Returns the token of a relation of a graph, by its name: {@code <r_name>}, with the name as in
   * {@link #entityToken}.
   */
  public static String relationToken(String name) {
    return TokenNames.relation(name);
  }

  /**
   * Returns the name of the entity or relation of a token, as it is in the graph: what {@link
   * #entityToken} and {@link #relationToken} have made a token of.
   *
   * @throws IllegalArgumentException if the token is neither an entity nor a relation
   */
  public static String name(String token) {
    return TokenNames.name(token);
  }

  /**
   * Returns the vocabulary with the given tokens; {@link #PAD} is put in front when it is missing.
   *
   * @throws IllegalArgumentException if a token is repeated or is not of the form {@code <text>},
   *     if {@link #PAD} stands elsewhere than in front, or if there is no entity or no relation;
   *     indices in the message are those of the list
   */
  public static Vocabulary ofTokens(List<String> tokens) {
    TokenList list = new TokenList();
    tokens.forEach(list::add);
    return of(list);
  }

  /**
   * Reads a {@code vocab.json}, as it is published and as checkpoints and datasets have it: a JSON
   * array of tokens in UTF-8, with or without {@link #PAD} in front.
   *
   * @throws FileFormatException if it is not, or {@link #ofTokens} refuses the tokens; indices in
   *     the message are those of the array
   * @throws IOException if the file cannot be read
   */
  public static Vocabulary read(Path file) throws IOException {
    try (Utf8File text = Utf8File.open(file)) {
      return VocabularyFile.read(text, file);
    }
  }

  /**
   * Reads what {@link #read(Path)} reads from a stream, which is closed.
   *
   * @param file named in messages
   * @throws FileFormatException if {@link #read(Path)} would refuse the file
   * @throws IOException if the stream cannot be read
   */
  public static Vocabulary read(Path file, InputStream content) throws IOException {
    try (Utf8File text = Utf8File.of(file, content)) {
      return VocabularyFile.read(text, file);
    }
  }

  /**
   * Writes what {@link #read(Path)} reads: the published form, without {@link #PAD}. The file
   * changes from one complete state to the next.
   *
   * @throws IOException if the file cannot be written; one that was there stays then
   */
  public void write(Path file) throws IOException {
    CompleteFile.write(file, out -> VocabularyFile.write(out, this));
  }

  static Vocabulary of(TokenList tokens) {
    Vocabulary vocabulary = new Vocabulary(tokens);
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
    return table.size();
  }

  /** Returns the number of entities. */
  public int entities() {
    return entityIds.length;
  }

  /** Returns the number of relations. */
  public int relations() {
    return relationIds.length;
  }

  /**
   * Returns all tokens in the order of their ids, {@link #PAD} first: an unmodifiable view, of
   * which a large vocabulary makes each string when it is asked for.
   */
  public List<String> tokens() {
    return strings.isEmpty() ? new View() : strings;
  }

  private final class View extends AbstractList<String> implements RandomAccess {
    @Override
    public String get(int id) {
      return token(id);
    }

    @Override
    public int size() {
      return table.size();
    }
  }

  /**
   * Returns the token with the given id.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= id < size()}
   */
  public String token(int id) {
    return strings.isEmpty()
        ? table.text(checkElementIndex(id, table.size(), "id"))
        : strings.get(id);
  }

  /**
   * Returns the id of a token.
   *
   * @throws IllegalArgumentException if this vocabulary lacks it; the message lists the nearest
   */
  public int id(String token) {
    int id = table.number(token);
    if (id < 0) {
      throw UnknownToken.in(this, token);
    }
    return id;
  }

  /**
   * Returns the tokens of up to three entities that are most like a token, the nearest first. Of
   * long tokens the beginnings are compared, and of more than 262,144 entities some that are spread
   * evenly, so that the work is bounded.
   */
  public ImmutableList<String> nearestEntities(String token) {
    return NearestNames.of(token, entities(), entity -> token(entityId(entity)));
  }

  /** Returns the tokens of relations, as {@link #nearestEntities} does those of entities. */
  public ImmutableList<String> nearestRelations(String token) {
    return NearestNames.of(token, relations(), relation -> token(relationId(relation)));
  }

  /** Returns whether this vocabulary has a token. */
  public boolean contains(String token) {
    return table.number(token) >= 0;
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
    return table.startsWith(checkElementIndex(id, table.size(), "id"), ENTITY);
  }

  /** Returns whether an id is that of a relation. */
  public boolean isRelation(int id) {
    return table.startsWith(checkElementIndex(id, table.size(), "id"), RELATION);
  }

  /**
   * Returns the ids of a query's tokens: the head, then its relations.
   *
   * @throws IllegalArgumentException if a token is unknown, the head is not an entity, or a
   *     relation is not a relation
   */
  public int[] encode(Query query) {
    int[] encoded = new int[query.hops() + 1];
    encoded[0] = queryId(query.head(), 0);
    for (int hop = 1; hop <= query.hops(); hop++) {
      encoded[hop] = queryId(query.relations().get(hop - 1), hop);
    }
    return encoded;
  }

  /**
   * Returns the ids of the query that a text holds, as {@link Query#parse} reads it.
   *
   * @throws IllegalArgumentException if it holds none, or this vocabulary cannot encode it
   */
  int[] encode(String text) {
    List<Integer> encoded = new ArrayList<>();
    TokenText.forEach(text, token -> encoded.add(queryId(token, encoded.size())));
    if (encoded.size() < 2) {
      throw new IllegalArgumentException(
          "a query needs an entity and at least one relation, but is " + TokenText.shown(text));
    }
    return Ints.toArray(encoded);
  }

  private int queryId(String token, int position) {
    int id = id(token);
    if (position == 0 && !isEntity(id)) {
      throw new IllegalArgumentException("the head of a query must be an entity, but is " + token);
    }
    if (position > 0 && !isRelation(id)) {
      throw new IllegalArgumentException(
          "hop " + position + " of a query must be a relation, but is " + token);
    }
    return id;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocabulary that && table.hasSame(that.table);
  }

  @Override
  public int hashCode() {
    return table.hash();
  }

  @Override
  public String toString() {
    return "Vocabulary[" + entities() + " entities, " + relations() + " relations]";
  }
}
