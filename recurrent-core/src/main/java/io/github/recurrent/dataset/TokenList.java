package io.github.recurrent.dataset;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the tokens of a vocabulary, each checked as it comes, so that a list that is none is
 * refused at its first bad token. Not thread-safe.
 */
final class TokenList {
  private final Map<String, Integer> indices = new LinkedHashMap<>();

  /**
   * @throws IllegalArgumentException if the token is not of the form {@code <text>}, is repeated,
   *     or is {@link Vocabulary#PAD} and not the first; indices are those of the list
   */
  void add(@Nullable String token) {
    int index = indices.size();
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
    Integer earlier = indices.putIfAbsent(token, index);
    if (earlier != null) {
      throw new IllegalArgumentException(
          "the token at index " + index + " repeats " + token + " at index " + earlier);
    }
  }

  int size() {
    return indices.size();
  }

  /** Returns the tokens, with {@link Vocabulary#PAD} in front. */
  ImmutableList<String> padded() {
    ImmutableList.Builder<String> padded =
        ImmutableList.builderWithExpectedSize(indices.size() + 1);
    if (!indices.containsKey(Vocabulary.PAD)) {
      padded.add(Vocabulary.PAD);
    }
    return padded.addAll(indices.keySet()).build();
  }
}
