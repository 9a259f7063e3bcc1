package io.github.recurrent.examples.service.serving;

import java.util.regex.Pattern;

/** The names that models may have, as paths and labels show them. */
public final class ModelName {
  /** What a name must be, for messages. */
  public static final String RULE =
      "1 to 100 letters, digits, dots, hyphens and underscores, without a dot in front, and not"
          + " \"stats\"";

  private static final Pattern NAME = Pattern.compile("(?!\\.)[A-Za-z0-9._-]{1,100}");

  /** Stands in the place of a name in the path of the statistics of all models. */
  private static final String STATISTICS = "stats";

  private ModelName() {}

  public static boolean isValid(String name) {
    return NAME.matcher(name).matches() && !name.equals(STATISTICS);
  }
}
