package io.github.recurrent.dataset;

import io.github.recurrent.internal.text.TokenText;
import org.jspecify.annotations.Nullable;

/**
 * Collects the tokens of a vocabulary, each checked as it comes, so that a list that is none is
 * refused at its first bad token. Not thread-safe.
 */
final class TokenList {
  private final TokenTable tokens = new TokenTable();

  /** 1 if the list lacks {@link Vocabulary#PAD}, which is id 0 all the same. */
  private int shift;

  /**
   * @throws IllegalArgumentException if the token is not of the form {@code <text>}, is repeated,
   *     or is {@link Vocabulary#PAD} and not the first; indices are those of the list
   */
  void add(@Nullable String token) {
    int index = tokens.size() - shift;
    if (token == null || !TokenText.isToken(token)) {
      throw new IllegalArgumentException(
          "the token at index "
              + index
              + " is "
              + (token == null ? "null" : TokenText.shown(token))
              + ", but must be of the form <text>");
    }
    if (token.equals(Vocabulary.PAD) && index > 0) {
      throw new IllegalArgumentException(
          Vocabulary.PAD + " must be the first token, but is at index " + index);
    }
    if (index == 0 && !token.equals(Vocabulary.PAD)) {
      shift = 1;
      tokens.add(Vocabulary.PAD);
    }
    int earlier = tokens.add(token);
    if (earlier >= 0) {
      throw new IllegalArgumentException(
          "the token at index " + index + " repeats " + token + " at index " + (earlier - shift));
    }
  }

  /**
   * Returns the tokens, numbered by their ids, {@link Vocabulary#PAD} first; the list must not be
   * used after.
   */
  TokenTable tokens() {
    tokens.trim();
    return tokens;
  }
}
