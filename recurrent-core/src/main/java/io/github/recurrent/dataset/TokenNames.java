package io.github.recurrent.dataset;

import java.util.regex.Pattern;

/**
 * Names as they stand in tokens. A token ends at the first {@code >}, so that angle brackets of a
 * name are written as the entities of XML, and an ampersand too, but only where it would else be
 * read as the beginning of one of the three.
 */
final class TokenNames {
  private static final Pattern AMBIGUOUS = Pattern.compile("&(?=(lt|gt|amp);)");
  private static final Pattern ESCAPED = Pattern.compile("&(lt|gt|amp);");

  private TokenNames() {}

  static String escape(String name) {
    return AMBIGUOUS.matcher(name).replaceAll("&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  static String unescape(String text) {
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
