package io.github.recurrent.dataset;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.internal.text.TokenText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the tokens of a vocabulary, each checked as it comes, so that a list that is none is
 * refused at its first bad token. Not thread-safe.
 */
final class TokenList {
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();

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
      put(Vocabulary.PAD);
    }
    Integer earlier = put(token);
    if (earlier != null) {
      throw new IllegalArgumentException(
          "the token at index " + index + " repeats " + token + " at index " + (earlier - shift));
    }
  }

  private @Nullable Integer put(String token) {
    Integer earlier = ids.putIfAbsent(token, tokens.size());
    tokens.add(token);
    return earlier;
  }

  /** Returns the tokens in the order of their ids, {@link Vocabulary#PAD} first. */
  ImmutableList<String> tokens() {
    return ImmutableList.copyOf(tokens);
  }

  /** Returns the ids of the tokens; the list must not be used after. */
  Map<String, Integer> ids() {
    return ids;
  }
}
