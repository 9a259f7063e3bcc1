package io.github.recurrent.internal.triples;

import io.github.recurrent.internal.storage.NameTable;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** Warns of names that are not what they look like. */
public final class LookAlikes {
  private static final System.Logger LOG = ReaderLog.LOG;

  /** Characters without width that no language writes within a name. */
  private static final String INVISIBLE = "\u00ad\u200b\u200e\u200f\u2060\ufeff";

  private LookAlikes() {}

  /**
   * @param kind what the names are of, for the warning
   */
  static void warn(Path file, String kind, NameTable names) {
    // Only names that do not look as they are written: hardly any, whatever the language.
    Map<String, String> byLook = new HashMap<>();
    String example = "";
    int found = 0;
    for (int number = 0; number < names.size(); number++) {
      if (names.isAscii(number)) {
        continue;
      }
      String name = names.name(number);
      String look = look(name);
      if (look.equals(name)) {
        continue;
      }
      String other = names.find(look) >= 0 ? look : byLook.putIfAbsent(look, name);
      boolean invisible = name.chars().anyMatch(c -> INVISIBLE.indexOf(c) >= 0);
      if (other == null && !invisible) {
        continue;
      }
      if (found++ == 0) {
        example =
            other == null
                ? quoted(name) + " has invisible characters"
                : quoted(name) + " looks like " + quoted(other) + ", but is another";
      }
    }
    if (found > 0) {
      LOG.log(
          Level.WARNING,
          file
              + ": "
              + found
              + " names of "
              + kind
              + " are not what they look like: "
              + example
              + "; write names that mean the same in one way, such as in Unicode's form NFC and"
              + " without invisible characters");
    }
  }

  /** Returns a name without what cannot be seen, in one normalization. */
  private static String look(String name) {
    StringBuilder look = new StringBuilder();
    Normalizer.normalize(name, Normalizer.Form.NFC)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.FORMAT && !isVariationSelector(c))
        .map(c -> Character.isSpaceChar(c) ? ' ' : c)
        .forEach(look::appendCodePoint);
    return look.toString();
  }

  private static boolean isVariationSelector(int codePoint) {
    return 0xfe00 <= codePoint && codePoint <= 0xfe0f;
  }

  /** Returns whether a name has nothing that can be seen. */
  public static boolean isBlank(String name) {
    return look(name).isBlank();
  }

  private static String quoted(String name) {
    StringBuilder text = new StringBuilder("\"");
    name.chars()
        .forEach(
            c -> {
              if (c < 0x80) {
                text.append((char) c);
              } else {
                text.append("\\u").append(HexFormat.of().toHexDigits((char) c));
              }
            });
    return text.append('"').toString();
  }
}
