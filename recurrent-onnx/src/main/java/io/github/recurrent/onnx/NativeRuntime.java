package io.github.recurrent.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import com.google.common.base.Throwables;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime in this process: loaded when it is first needed, and there until the process has
 * ended, shutdown hooks included. Thread-safe.
 */
final class NativeRuntime {
  /** What ONNX Runtime writes to the console: whatever fails is thrown too. */
  static final OrtLoggingLevel LOGGED = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;

  private static volatile @Nullable OrtEnvironment environment;

  /** Why the native libraries cannot be loaded: Java tries only once in a process. */
  @GuardedBy("NativeRuntime.class")
  private static @Nullable String broken;

  private NativeRuntime() {}

  /**
   * Returns the environment, and loads it first if need be.
   *
   * @throws IOException if the native libraries cannot be unpacked or loaded
   * @throws IllegalStateException if it is not loaded yet and the virtual machine shuts down
   */
  static OrtEnvironment load() throws IOException {
    OrtEnvironment loaded = environment;
    return loaded == null ? loadOnce() : loaded;
  }

  /**
   * Returns the environment, and loads it first if need be.
   *
   * @throws UncheckedIOException if the native libraries cannot be unpacked or loaded
   * @throws IllegalStateException if it is not loaded yet and the virtual machine shuts down
   */
  static OrtEnvironment environment() {
    try {
      return load();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized OrtEnvironment loadOnce() throws IOException {
    OrtEnvironment loaded = environment;
    if (loaded != null) {
      return loaded;
    }
    if (broken != null) {
      throw new IOException(broken);
    }
    // Java never tries again to unpack the libraries once that has failed; this does.
    requireTemporaryFolder();
    RuntimeArtifacts artifacts = RuntimeArtifacts.find(NativeRuntime.class.getClassLoader());
    artifacts.requireAtMostOne();
    try {
      loaded = EnvironmentReference.open(LOGGED);
    } catch (LinkageError e) {
      broken = notLoaded(Throwables.getRootCause(e)) + artifacts.advice();
      throw new IOException(broken, e);
    }
    environment = loaded;
    return loaded;
  }

  private static void requireTemporaryFolder() throws IOException {
    try {
      Files.delete(Files.createTempDirectory("recurrent-onnx"));
    } catch (IOException e) {
      throw new IOException(
          "ONNX Runtime's native libraries cannot be unpacked: the temporary folder "
              + temporaryFolder()
              + " cannot be written; -Djava.io.tmpdir=FOLDER names another",
          e);
    }
  }

  private static String notLoaded(Throwable cause) {
    return "ONNX Runtime's native libraries cannot be loaded: "
        + cause
        + "; the temporary folder "
        + temporaryFolder()
        + ", into which they are unpacked, must have room for them and permit execution"
        + " (-Djava.io.tmpdir=FOLDER names another); this process cannot try again";
  }

  private static Path temporaryFolder() {
    return Path.of(System.getProperty("java.io.tmpdir", "")).toAbsolutePath();
  }
}
