package io.github.recurrent.model;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Objects;

/**
 * The position of a row at which the model's answer is read, and with it how rows are padded.
 *
 * <p>Rows hold {@code k + 1} tokens for k hops and are padded on the right. The published models
 * read the last column of rows padded to a fixed length. Without positions every pad computes the
 * same thing, since pads are never attended to, so that {@link #firstPad()} is the same function at
 * {@code k + 2} tokens. Immutable and thread-safe.
 */
public final class ReadPosition {
  private enum Kind {
    FIRST_PAD,
    LAST_TOKEN,
    COLUMN
  }

  private static final ReadPosition FIRST_PAD = new ReadPosition(Kind.FIRST_PAD, -1);
  private static final ReadPosition LAST_TOKEN = new ReadPosition(Kind.LAST_TOKEN, -1);

  private final Kind kind;
  private final int column;

  private ReadPosition(Kind kind, int column) {
    this.kind = kind;
    this.column = column;
  }

  /** Reads at the first pad after the query; the default for models without positions. */
  public static ReadPosition firstPad() {
    return FIRST_PAD;
  }

  /** Reads at the last token of the query ({@code inp_len} of the published scripts). */
  public static ReadPosition lastToken() {
    return LAST_TOKEN;
  }

  /**
   * Pads every row to {@code column + 1} tokens and reads the last of them; 2 is that of the
   * published composition models, 49 that of the published multi-hop models.
   *
   * @throws IllegalArgumentException if the column is not at least 1
   */
  public static ReadPosition column(int column) {
    checkArgument(column >= 1, "the read column must be at least 1, but is %s", column);
    return new ReadPosition(Kind.COLUMN, column);
  }

  /**
   * Returns the reading position whose string form is given, as written by {@link #toString()}.
   *
   * @throws IllegalArgumentException if the string is not one
   */
  public static ReadPosition parse(String text) {
    if (text.equals(FIRST_PAD.toString())) {
      return FIRST_PAD;
    }
    if (text.equals(LAST_TOKEN.toString())) {
      return LAST_TOKEN;
    }
    if (text.matches("column [1-9][0-9]{0,8}")) {
      return column(Integer.parseInt(text.substring("column ".length())));
    }
    throw new IllegalArgumentException(
        "\""
            + text
            + "\" is not a read position; known are \"first pad\", \"last token\", \"column N\"");
  }

  /**
   * Returns the number of tokens, pads included, of a batch whose longest query has the given
   * number of tokens.
   *
   * @throws IllegalArgumentException if the query does not fit before the read column
   */
  public int paddedLength(int queryTokens) {
    return switch (kind) {
      case FIRST_PAD -> queryTokens + 1;
      case LAST_TOKEN -> queryTokens;
      case COLUMN -> {
        checkArgument(
            queryTokens <= column + 1,
            "a query of %s tokens does not fit a model that reads column %s of its rows;"
                + " it takes at most %s hops",
            queryTokens,
            column,
            column);
        yield column + 1;
      }
    };
  }

  /** Returns the index at which a row whose query has the given number of tokens is read. */
  public int index(int queryTokens) {
    return switch (kind) {
      case FIRST_PAD -> queryTokens;
      case LAST_TOKEN -> queryTokens - 1;
      case COLUMN -> column;
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReadPosition that && kind == that.kind && column == that.column;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, column);
  }

  /** Returns {@code "first pad"}, {@code "last token"} or {@code "column N"}. */
  @Override
  public String toString() {
    return switch (kind) {
      case FIRST_PAD -> "first pad";
      case LAST_TOKEN -> "last token";
      case COLUMN -> "column " + column;
    };
  }
}
