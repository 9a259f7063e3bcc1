package io.github.recurrent.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this library, as the build wrote it down. */
final class LibraryVersion {
  private static final String RESOURCE = "library.properties";

  private LibraryVersion() {}

  /** Returns the library's name and version. */
  static String get() {
    Properties properties = new Properties();
    try (InputStream in = LibraryVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("this library lacks its resource " + RESOURCE);
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "recurrent " + properties.getProperty("version", "unknown");
  }
}
