package io.github.recurrent.dataset;

import io.github.recurrent.internal.storage.NearestNames;
import io.github.recurrent.internal.text.TokenNames;
import io.github.recurrent.internal.text.TokenText;
import java.util.List;

/** Says that a vocabulary lacks a token, and which it has. */
final class UnknownToken {
  private UnknownToken() {}

  static IllegalArgumentException in(Vocabulary vocabulary, String token) {
    return new IllegalArgumentException(
        "unknown token "
            + TokenText.shown(token)
            + "; the nearest are "
            + String.join(", ", nearest(vocabulary, token))
            + "; this vocabulary has "
            + vocabulary.entities()
            + " entities ("
            + entity(vocabulary, 0)
            + " … "
            + entity(vocabulary, vocabulary.entities() - 1)
            + ") and "
            + vocabulary.relations()
            + " relations ("
            + relation(vocabulary, 0)
            + " … "
            + relation(vocabulary, vocabulary.relations() - 1)
            + ")");
  }

  private static List<String> nearest(Vocabulary vocabulary, String token) {
    if (TokenNames.isRelation(token)) {
      return vocabulary.nearestRelations(token);
    }
    if (TokenNames.isEntity(token)) {
      return vocabulary.nearestEntities(token);
    }
    return NearestNames.of(token, vocabulary.size(), vocabulary::token);
  }

  private static String entity(Vocabulary vocabulary, int entity) {
    return vocabulary.token(vocabulary.entityId(entity));
  }

  private static String relation(Vocabulary vocabulary, int relation) {
    return vocabulary.token(vocabulary.relationId(relation));
  }
}
