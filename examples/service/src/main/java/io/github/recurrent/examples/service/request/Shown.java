package io.github.recurrent.examples.service.request;

/** A client's text as messages repeat it. */
public final class Shown {
  private static final int LONGEST = 100;

  private Shown() {}

  /** Returns a text in quotes, cut where it is long. */
  public static String text(String text) {
    return text.length() <= LONGEST
        ? "\"" + text + "\""
        : "\"" + text.substring(0, LONGEST) + "…\" (" + text.length() + " characters)";
  }
}
