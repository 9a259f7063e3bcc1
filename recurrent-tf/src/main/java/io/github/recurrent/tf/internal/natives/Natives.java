package io.github.recurrent.tf.internal.natives;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.ConfigProto;

/**
 * Loads TensorFlow's native libraries, with what they take from the environment set before.
 *
 * <p>They read it as they are loaded, and Java cannot change it; hence the calls of C functions.
 * Where these fail, TensorFlow works all the same, but is not silent.
 */
public final class Natives {
  /** Which of the natives' own lines are shown: {@code info}, {@code warning} or {@code error}. */
  public static final String LOG_PROPERTY = "recurrent.tensorflow.log";

  /** Whether GPUs may round the operands of 32-bit products to TF32. */
  public static final String TF32_PROPERTY = "recurrent.tensorflow.tf32";

  private static final Logger LOG = System.getLogger(Natives.class.getName());
  private static final String LOG_VARIABLE = "TF_CPP_MIN_LOG_LEVEL";
  private static final String TF32_VARIABLE = "NVIDIA_TF32_OVERRIDE";
  private static final ImmutableList<String> LEVELS = ImmutableList.of("info", "warning", "error");

  /** Without it the first session of a process would decide on the threads of all. */
  private static final String POOLS_VARIABLE = "TF_OVERRIDE_GLOBAL_THREADPOOL";

  /** What the natives say at the first run of a graph, through a logger that heeds no variable. */
  private static final Predicate<String> ABSEIL_LINES =
      Pattern.compile("before absl::InitializeLog\\(\\)|mlir_graph_optimization_pass")
          .asPredicate();

  /** Keeps a library's symbols to itself: RTLD_LAZY without RTLD_GLOBAL. */
  private static final ImmutableMap<String, Object> LOCAL =
      ImmutableMap.of(Library.OPTION_OPEN_FLAGS, 1);

  /** Where JavaCPP unpacks the natives, unless it is told. */
  private static final String CACHE_PROPERTY = "org.bytedeco.javacpp.cachedir";

  private static boolean loaded;
  private static @Nullable String failure;

  private Natives() {}

  /**
   * Loads the natives, if they are not loaded yet.
   *
   * @throws IllegalArgumentException if a system property of theirs has a value it cannot have
   * @throws UnsatisfiedLinkError if they cannot be loaded, and at every call after that: the
   *     virtual machine tries only once
   */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    if (failure != null) {
      throw new UnsatisfiedLinkError(failure);
    }
    try {
      loadOnce();
    } catch (LinkageError e) {
      failure = describe(e);
      throw (LinkageError) new UnsatisfiedLinkError(failure).initCause(e);
    }
  }

  private static String describe(LinkageError failure) {
    List<Path> folders = cacheFolders();
    return "TensorFlow's native libraries cannot be loaded: "
        + (folders.stream().anyMatch(Natives::isWritable)
            ? failure.getMessage()
            : "they are unpacked below one of "
                + folders
                + ", but none can be written to; start the program with -D"
                + CACHE_PROPERTY
                + "=FOLDER to name another");
  }

  /** Returns the folders that JavaCPP tries, in its order. */
  private static ImmutableList<Path> cacheFolders() {
    return Stream.of(CACHE_PROPERTY, "user.home", "java.io.tmpdir")
        .map(System::getProperty)
        .filter(Objects::nonNull)
        .map(Path::of)
        .collect(ImmutableList.toImmutableList());
  }

  /** Whether a folder can be written to, or created. */
  private static boolean isWritable(Path folder) {
    Path there = folder.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return there != null && Files.isDirectory(there) && Files.isWritable(there);
  }

  private static void loadOnce() {
    String level = logLevel();
    setVariable(LOG_VARIABLE, level);
    if (!tf32()) {
      setVariable(TF32_VARIABLE, "0");
    }
    setVariable(POOLS_VARIABLE, "1");
    if (level.equals("0") || !isLinux()) {
      TensorFlow.version();
    } else {
      StandardError.filter(Natives::firstRun, line -> !ABSEIL_LINES.test(line));
    }
    loaded = true;
  }

  /** Returns a new graph; the caller closes it. */
  public static Graph graph() {
    load();
    return new Graph();
  }

  public static boolean isLinux() {
    return Loader.getPlatform().startsWith("linux");
  }

  /** Whether the natives on the class path are those for GPUs. */
  public static boolean areForGpu() {
    return Natives.class
            .getClassLoader()
            .getResource(
                "org/tensorflow/internal/c_api/"
                    + Loader.getPlatform()
                    + "-gpu/"
                    + System.mapLibraryName("jnitensorflow"))
        != null;
  }

  /** Whether GPUs may compute 32-bit products in TF32. */
  public static boolean tf32() {
    String variable = System.getenv(TF32_VARIABLE);
    return variable == null
        ? tf32(System.getProperty(TF32_PROPERTY, "true"))
        : !variable.equals("0");
  }

  public static boolean tf32(String property) {
    return switch (Ascii.toLowerCase(property)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              "the system property "
                  + TF32_PROPERTY
                  + " must be true or false, but is \""
                  + property
                  + "\"");
    };
  }

  private static String logLevel() {
    String variable = System.getenv(LOG_VARIABLE);
    if (variable != null) {
      return variable;
    }
    // With GPU natives the warnings tell why TensorFlow finds no GPU.
    return logLevel(System.getProperty(LOG_PROPERTY, areForGpu() ? "warning" : "error"));
  }

  public static String logLevel(String property) {
    int level = LEVELS.indexOf(property.toLowerCase(Locale.ROOT));
    if (level < 0) {
      throw new IllegalArgumentException(
          "the system property "
              + LOG_PROPERTY
              + " must be one of "
              + LEVELS
              + ", but is \""
              + property
              + "\"");
    }
    return Integer.toString(level);
  }

  /** Sets a variable of the process that its environment does not have. */
  private static void setVariable(String name, String value) {
    if (System.getenv(name) != null) {
      return;
    }
    try {
      if (Loader.getPlatform().startsWith("windows")) {
        Function.getFunction("ucrtbase", "_putenv_s").invokeInt(new Object[] {name, value});
      } else {
        Function.getFunction(Platform.C_LIBRARY_NAME, "setenv")
            .invokeInt(new Object[] {name, value, 0});
      }
    } catch (LinkageError e) {
      LOG.log(Level.DEBUG, "cannot set " + name + " for TensorFlow's natives", e);
    }
  }

  @SuppressWarnings("try") // the call lasts as long as its scope
  private static void firstRun() {
    try (NativeCall unused = NativeCall.begin();
        Graph graph = new Graph();
        Session session =
            new Session(graph, ConfigProto.newBuilder().putDeviceCount("GPU", 0).build())) {
      session.runner().fetch(GraphOperations.of(graph).constant(0)).run().close();
    }
  }

  /** Returns those of some shared libraries that cannot be loaded. */
  public static ImmutableList<String> missing(List<String> libraries) {
    return libraries.stream()
        .filter(library -> !isLoadable(library))
        .collect(ImmutableList.toImmutableList());
  }

  private static boolean isLoadable(String library) {
    try {
      NativeLibrary.getInstance(library, LOCAL).close();
      return true;
    } catch (LinkageError e) {
      return false;
    }
  }
}
