package io.github.recurrent.examples.service.security;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that small files hold. It is read again when their contents change; what cannot be read
 * leaves the value as it was, and is logged. Contents are compared, since times are too coarse and
 * a mounted secret changes by a link. Thread-safe.
 */
final class FileValue<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileValue.class);
  private static final int MOST_BYTES = 1 << 20;

  private final String what;
  private final ImmutableList<Path> files;
  private final Reader<T> reader;
  private final ScheduledExecutorService checks =
      Executors.newSingleThreadScheduledExecutor(
          new ThreadFactoryBuilder().setDaemon(true).setNameFormat("service-files-%d").build());

  private volatile T value;

  // Only the constructor and the checks use these.
  private HashCode read;
  private @Nullable String refusal;
  private boolean isRefusalTold;

  /** Makes a value of the contents of files. */
  interface Reader<T> {
    /**
     * Reads the value.
     *
     * @throws IllegalArgumentException if the contents do not hold one; its message is logged, and
     *     must not tell secrets
     */
    T read(List<byte[]> contents);
  }

  /**
   * Reads the value, and goes on to read it.
   *
   * @param what what the files hold, for messages
   * @throws IOException if a file cannot be read, or does not hold a value
   */
  FileValue(String what, ImmutableList<Path> files, Reader<T> reader, Duration every)
      throws IOException {
    this.what = what;
    this.files = files;
    this.reader = reader;
    List<byte[]> contents = contents();
    try {
      value = reader.read(contents);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    read = hash(contents);
    ScheduledFuture<?> unused =
        checks.scheduleWithFixedDelay(
            this::check, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  T get() {
    return value;
  }

  private void check() {
    try {
      List<byte[]> contents = contents();
      HashCode hash = hash(contents);
      if (!hash.equals(read)) {
        value = reader.read(contents);
        read = hash;
        LOG.info("Read {} again, since {} changed", what, names());
      }
      refusal = null;
    } catch (IOException | RuntimeException e) {
      // Whatever it is: a check that throws would be the last one.
      refuse(String.valueOf(e.getMessage()));
    }
  }

  /** Logs what stays wrong from one check to the next: files may be seen while they are written. */
  private void refuse(String reason) {
    if (!reason.equals(refusal)) {
      refusal = reason;
      isRefusalTold = false;
    } else if (!isRefusalTold) {
      LOG.error("{} stay as they were: {}", what, reason);
      isRefusalTold = true;
    }
  }

  private List<byte[]> contents() throws IOException {
    ImmutableList.Builder<byte[]> contents = ImmutableList.builder();
    for (Path file : files) {
      contents.add(content(file));
    }
    return contents.build();
  }

  private static byte[] content(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException(file + " must be a regular file");
    }
    byte[] content;
    try (InputStream stream = Files.newInputStream(file)) {
      content = stream.readNBytes(MOST_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + e, e);
    }
    if (content.length > MOST_BYTES) {
      throw new IOException(file + " must not be longer than " + MOST_BYTES + " bytes");
    }
    return content;
  }

  private static HashCode hash(List<byte[]> contents) {
    return Hashing.combineOrdered(
        contents.stream().map(content -> Hashing.sha256().hashBytes(content)).toList());
  }

  private String names() {
    return String.join(" or ", files.stream().map(Path::toString).toList());
  }

  @Override
  public void close() {
    checks.shutdownNow();
  }
}
