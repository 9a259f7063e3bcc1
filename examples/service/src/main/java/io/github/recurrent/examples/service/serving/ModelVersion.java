package io.github.recurrent.examples.service.serving;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The versions that models may have: positive decimal numbers without leading zeros. */
public final class ModelVersion {
  /** What a version must be, for messages. */
  public static final String RULE = "a number from 1 to 999999999999999999 without zeros in front";

  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

  private ModelVersion() {}

  /** Returns the number, or nothing if the text is not a version. */
  public static OptionalLong parse(String text) {
    return VERSION.matcher(text).matches()
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }
}
