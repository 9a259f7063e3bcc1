package io.github.recurrent.examples.service.request;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.List;
import java.util.stream.IntStream;

/** Reads queries as requests have them, and refuses what the model cannot take. Thread-safe. */
public final class QueryReader {
  private static final Splitter NAMES = Splitter.on('|').trimResults();

  private final RecurrentDepthTransformer model;
  private final Vocabulary vocabulary;
  private final int mostTokens;
  private final NameIndex entities;
  private final NameIndex relations;

  public QueryReader(RecurrentDepthTransformer model, Vocabulary vocabulary, int mostTokens) {
    this.model = model;
    this.vocabulary = vocabulary;
    this.mostTokens = mostTokens;
    entities = namesOf(vocabulary, true);
    relations = namesOf(vocabulary, false);
  }

  private static NameIndex namesOf(Vocabulary vocabulary, boolean ofEntities) {
    return NameIndex.of(
        vocabulary.tokens().stream()
            .filter(token -> isOfKind(vocabulary, token, ofEntities))
            .map(Vocabulary::name));
  }

  /** Returns the first names of entities or of relations that begin with a text, in their order. */
  public ImmutableList<String> namesThatBegin(boolean ofEntities, String start, int most) {
    return (ofEntities ? entities : relations).startingWith(start, most);
  }

  /**
   * Reads tokens one after another, such as {@code <e_17><r_3>}, or names between vertical bars,
   * such as {@code Ada | mother of}.
   *
   * @param place where the text stands in the request
   */
  public Query text(String place, String text) {
    if (!text.startsWith("<")) {
      return names(place, NAMES.splitToList(text));
    }
    Query query;
    try {
      query = Query.parse(text);
    } catch (IllegalArgumentException e) {
      throw Fault.bad(place + ": " + e.getMessage());
    }
    return names(
        place, ImmutableList.<String>builder().add(query.head()).addAll(query.relations()).build());
  }

  /** Reads the names or tokens of a head and its relations. */
  public Query names(String place, List<String> names) {
    requireLength(place, names.size());
    ImmutableList<String> tokens =
        IntStream.range(0, names.size())
            .mapToObj(position -> token(place, names.get(position), position == 0))
            .collect(toImmutableList());
    return Query.of(tokens.get(0), tokens.subList(1, tokens.size()));
  }

  /** Returns the number of tokens of the model. */
  int vocabularySize() {
    return vocabulary.size();
  }

  /** Reads the ids of a head and its relations, which pads may follow. */
  Query ids(String place, long[] ids) {
    int length = ids.length;
    while (length > 0 && ids[length - 1] == 0) {
      length--;
    }
    requireLength(place, length);
    ImmutableList<String> tokens =
        IntStream.range(0, length)
            .mapToObj(position -> token(place, ids[position], position == 0))
            .collect(toImmutableList());
    return Query.of(tokens.get(0), tokens.subList(1, tokens.size()));
  }

  private void requireLength(String place, int length) {
    if (length < 2) {
      throw Fault.bad(
          place + " needs an entity and at least one relation, but has " + length + " of them");
    }
    if (length > mostTokens) {
      throw Fault.bad(
          place + " has " + length + " tokens; the limit here is " + mostTokens + " for a query");
    }
    try {
      int unused = model.paddedLength(length);
    } catch (IllegalArgumentException e) {
      throw Fault.bad(place + ": " + e.getMessage());
    }
  }

  private String token(String place, long id, boolean isHead) {
    if (id < 0 || id >= vocabulary.size()) {
      throw Fault.bad(
          place + " has id " + id + ", but the model's are 0 to " + (vocabulary.size() - 1));
    }
    String token = vocabulary.token((int) id);
    requireKind(place, token, isHead);
    return token;
  }

  private String token(String place, String name, boolean isHead) {
    String ofGraph = isHead ? Vocabulary.entityToken(name) : Vocabulary.relationToken(name);
    for (String token : List.of(ofGraph, name, "<" + name + ">")) {
      if (vocabulary.contains(token)) {
        requireKind(place, token, isHead);
        return token;
      }
    }
    throw Fault.bad(
        place
            + " has the unknown "
            + kind(isHead)
            + " "
            + Shown.text(name)
            + "; the nearest are "
            + String.join(", ", quoted(nearest(name, isHead))));
  }

  private List<String> nearest(String name, boolean isHead) {
    if (name.startsWith("<")) {
      return isHead ? vocabulary.nearestEntities(name) : vocabulary.nearestRelations(name);
    }
    List<String> tokens =
        isHead
            ? vocabulary.nearestEntities(Vocabulary.entityToken(name))
            : vocabulary.nearestRelations(Vocabulary.relationToken(name));
    return tokens.stream().map(Vocabulary::name).toList();
  }

  private static List<String> quoted(List<String> names) {
    return names.stream().map(Shown::text).toList();
  }

  private void requireKind(String place, String token, boolean isHead) {
    if (!isOfKind(token, isHead)) {
      throw Fault.bad(
          place
              + " has "
              + Shown.text(token)
              + " where "
              + (isHead ? "an entity" : "a relation")
              + " must stand");
    }
  }

  private boolean isOfKind(String token, boolean isHead) {
    return isOfKind(vocabulary, token, isHead);
  }

  private static boolean isOfKind(Vocabulary vocabulary, String token, boolean isHead) {
    int id = vocabulary.id(token);
    return isHead ? vocabulary.isEntity(id) : vocabulary.isRelation(id);
  }

  private static String kind(boolean isHead) {
    return isHead ? "entity" : "relation";
  }
}
