package io.github.recurrent.internal.version;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this library, for the provenance of what it makes. Thread-safe. */
public final class LibraryVersion {
  private static final String RESOURCE = "library.properties";

  private LibraryVersion() {}

  /** Returns the library's name and version, such as {@code recurrent 0.1.0}. */
  public static String name() {
    return "recurrent " + number();
  }

  /** Returns the version, such as {@code 0.1.0}, as the build wrote it down. */
  public static String number() {
    Properties properties = new Properties();
    try (InputStream in = LibraryVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("this library lacks its resource " + RESOURCE);
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }
}
