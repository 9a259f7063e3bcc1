package io.github.recurrent.internal.text;

import com.google.common.collect.ImmutableList;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits the text of a record into tokens of the form {@code <text>}. */
public final class TokenText {
  private static final Pattern TOKEN = Pattern.compile("<[^>]+>");
  private static final int LONGEST_SHOWN = 200;

  private TokenText() {}

  /** Returns whether a text is one token. */
  public static boolean isToken(String text) {
    return text.length() > 2 && text.charAt(0) == '<' && text.indexOf('>') == text.length() - 1;
  }

  /**
   * Returns the tokens of a text.
   *
   * @throws IllegalArgumentException if anything stands outside a token
   */
  public static ImmutableList<String> split(String text) {
    ImmutableList.Builder<String> tokens = ImmutableList.builder();
    forEach(text, tokens::add);
    return tokens.build();
  }

  /**
   * Takes the tokens one by one, so that a long text takes no more memory than what is kept of it.
   *
   * @throws IllegalArgumentException if anything stands outside a token
   */
  public static void forEach(String text, Consumer<String> taker) {
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      taker.accept(matcher.group());
      end = matcher.end();
    }
    if (end != text.length()) {
      throw new IllegalArgumentException(
          shown(text) + " has text outside a token at character " + end);
    }
  }

  /** Returns a text in quotes for a message, cut where it is long. */
  public static String shown(String text) {
    return text.length() <= LONGEST_SHOWN
        ? "\"" + text + "\""
        : "\"" + text.substring(0, LONGEST_SHOWN) + "…\" (" + text.length() + " characters)";
  }
}
