package io.github.recurrent.dataset;

import com.google.common.collect.ImmutableList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits the text of a record into tokens of the form {@code <text>}. */
final class TokenText {
  private static final Pattern TOKEN = Pattern.compile("<[^>]+>");

  private TokenText() {}

  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  /**
   * @throws IllegalArgumentException if anything stands outside a token
   */
  static ImmutableList<String> split(String text) {
    ImmutableList.Builder<String> tokens = ImmutableList.builder();
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      tokens.add(matcher.group());
      end = matcher.end();
    }
    if (end != text.length()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has text outside a token at character " + end);
    }
    return tokens.build();
  }
}
