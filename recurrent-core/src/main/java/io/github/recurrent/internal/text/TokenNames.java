package io.github.recurrent.internal.text;

import java.util.regex.Pattern;

/**
 * The tokens of entities and relations, and the names within. A token ends at the first {@code >},
 * so that angle brackets of a name are written as the entities of XML, and an ampersand too, but
 * only where it would else be read as the beginning of one of the three.
 */
public final class TokenNames {
  private static final String ENTITY_PREFIX = "<e_";
  private static final String RELATION_PREFIX = "<r_";
  private static final String END_OF_TOKEN = ">";

  private static final Pattern AMBIGUOUS = Pattern.compile("&(?=(lt|gt|amp);)");
  private static final Pattern ESCAPED = Pattern.compile("&(lt|gt|amp);");

  private TokenNames() {}

  /** Returns the token of an entity: {@code <e_name>}. */
  public static String entity(String name) {
    return ENTITY_PREFIX + escape(name) + END_OF_TOKEN;
  }

  /** Returns the token of a relation: {@code <r_name>}. */
  public static String relation(String name) {
    return RELATION_PREFIX + escape(name) + END_OF_TOKEN;
  }

  /** Returns whether a token is that of an entity. */
  public static boolean isEntity(String token) {
    return token.startsWith(ENTITY_PREFIX);
  }

  /** Returns whether a token is that of a relation. */
  public static boolean isRelation(String token) {
    return token.startsWith(RELATION_PREFIX);
  }

  /**
   * Returns the name in the token of an entity or a relation.
   *
   * @throws IllegalArgumentException if the token is neither
   */
  public static String name(String token) {
    if (!TokenText.isToken(token) || !(isEntity(token) || isRelation(token))) {
      throw new IllegalArgumentException(
          "\"" + token + "\" is not a token of an entity (<e_…>) or a relation (<r_…>)");
    }
    return unescape(token.substring(ENTITY_PREFIX.length(), token.length() - 1));
  }

  /**
   * Returns the name in the token of an entity.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static String entityName(String token) {
    if (!isEntity(token)) {
      throw new IllegalArgumentException(
          TokenText.shown(token) + " is not the token of an entity (<e_…>)");
    }
    return name(token);
  }

  /**
   * Returns the name in the token of a relation.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static String relationName(String token) {
    if (!isRelation(token)) {
      throw new IllegalArgumentException(
          TokenText.shown(token) + " is not the token of a relation (<r_…>)");
    }
    return name(token);
  }

  private static String escape(String name) {
    return AMBIGUOUS.matcher(name).replaceAll("&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String unescape(String text) {
    return ESCAPED
        .matcher(text)
        .replaceAll(
            escape ->
                switch (escape.group(1)) {
                  case "lt" -> "<";
                  case "gt" -> ">";
                  default -> "&";
                });
  }
}
