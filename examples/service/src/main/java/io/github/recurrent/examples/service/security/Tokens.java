package io.github.recurrent.examples.service.security;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The tokens that are taken, as hashes. Immutable. */
final class Tokens {
  private static final int SHORTEST = 16;
  private static final int LONGEST = 1024;
  private static final int MOST = 100;

  /** What may follow "Bearer", by RFC 6750. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private final ImmutableList<byte[]> hashes;

  private Tokens(ImmutableList<byte[]> hashes) {
    this.hashes = hashes;
  }

  /**
   * Reads a file with a token a line. Empty lines and those that start with {@code #} are left out.
   *
   * @throws IllegalArgumentException if a line is not a token, or there is none; the message names
   *     the line, not what stands there
   */
  static Tokens read(Path file, byte[] content) {
    List<String> lines = text(file, content).lines().map(String::strip).toList();
    ImmutableList.Builder<byte[]> hashes = ImmutableList.builder();
    for (int index = 0; index < lines.size(); index++) {
      String line = lines.get(index);
      if (!line.isEmpty() && !line.startsWith("#")) {
        if (line.length() < SHORTEST || line.length() > LONGEST || !TOKEN.matcher(line).matches()) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "line %d of %s must be a token: %d to %d letters, digits and characters of"
                      + " \"-._~+/\", with \"=\" at its end only",
                  index + 1,
                  file,
                  SHORTEST,
                  LONGEST));
        }
        hashes.add(hash(line));
      }
    }
    Tokens tokens = new Tokens(hashes.build());
    if (tokens.hashes.isEmpty() || tokens.hashes.size() > MOST) {
      throw new IllegalArgumentException(
          file
              + " must have 1 to "
              + MOST
              + " tokens, a line each, but has "
              + tokens.hashes.size());
    }
    return tokens;
  }

  private static String text(Path file, byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + " must be in UTF-8", e);
    }
  }

  /** Returns whether a token is taken, in a time that does not tell how much of it is right. */
  boolean have(String token) {
    byte[] hash = hash(token);
    boolean has = false;
    for (byte[] taken : hashes) {
      has |= MessageDigest.isEqual(taken, hash);
    }
    return has;
  }

  private static byte[] hash(String token) {
    return Hashing.sha256().hashString(token, StandardCharsets.UTF_8).asBytes();
  }
}
