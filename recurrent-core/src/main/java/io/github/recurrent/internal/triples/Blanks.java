package io.github.recurrent.internal.triples;

/** White space in UTF-8, of every script. */
final class Blanks {
  private Blanks() {}

  /** Returns where the white space ends that a text begins with. */
  static int skip(byte[] text, int from, int to) {
    int index = from;
    while (index < to) {
      int length = length(text, index, to);
      if (length == 0) {
        break;
      }
      index += length;
    }
    return index;
  }

  /** Returns where the white space begins that a text ends with. */
  static int skipBack(byte[] text, int from, int to) {
    int end = to;
    while (end > from) {
      int before = end - 1;
      while (before > from && before > end - 3 && (text[before] & 0xc0) == 0x80) {
        before--;
      }
      if (length(text, before, end) != end - before) {
        break;
      }
      end = before;
    }
    return end;
  }

  /** Returns the number of bytes of the white space at a place, 0 if there is none. */
  private static int length(byte[] text, int index, int to) {
    int first = Byte.toUnsignedInt(text[index]);
    if (first < 0x80) {
      return isBlank((char) first) ? 1 : 0;
    }
    int second = index + 1 < to ? text[index + 1] & 0x3f : 0;
    if (first >> 5 == 0b110) {
      return index + 1 < to && isBlank((char) (((first & 0x1f) << 6) | second)) ? 2 : 0;
    }
    if (first >> 4 != 0b1110 || index + 2 >= to) {
      return 0;
    }
    char c = (char) (((first & 0xf) << 12) | (second << 6) | (text[index + 2] & 0x3f));
    return isBlank(c) ? 3 : 0;
  }

  static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (from < to && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }
}
