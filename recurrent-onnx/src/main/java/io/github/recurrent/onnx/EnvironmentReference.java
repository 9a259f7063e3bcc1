package io.github.recurrent.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * A reference to ONNX Runtime's environment that nobody releases.
 *
 * <p>The binding releases its own in a shutdown hook, which frees the environment while other hooks
 * and threads still use it. ONNX Runtime counts references, so that one more keeps the environment
 * until the process has ended. The binding has no public call for that, so this reads its private
 * fields.
 */
final class EnvironmentReference {
  private static final Logger LOG = System.getLogger(EnvironmentReference.class.getName());

  private EnvironmentReference() {}

  /**
   * Returns the environment that is there, or a new one, which stays.
   *
   * @param level of what a new one logs
   * @throws LinkageError if the native libraries cannot be loaded
   * @throws IllegalStateException if there is none and the virtual machine shuts down
   */
  static OrtEnvironment open(OrtLoggingLevel level) {
    try {
      OrtEnvironment environment = present();
      if (environment == null) {
        environment = create(level);
      }
      keep(environment, level);
      return environment;
    } catch (ReflectiveOperationException e) {
      LOG.log(
          Level.WARNING,
          "this version of ONNX Runtime cannot be kept from ending with the virtual machine: close"
              + " what uses it before that, not in a shutdown hook",
          e);
      return create(level);
    }
  }

  private static OrtEnvironment create(OrtLoggingLevel level) {
    try {
      return OrtEnvironment.getEnvironment(level);
    } catch (IllegalStateException e) {
      throw e.getCause() instanceof OrtException ? e : shutDown(e);
    }
  }

  /** Asking the binding for one that has another level would log a warning. */
  private static @Nullable OrtEnvironment present() throws ReflectiveOperationException {
    return (OrtEnvironment)
        inside()
            .findStaticVarHandle(OrtEnvironment.class, "INSTANCE", OrtEnvironment.class)
            .getVolatile();
  }

  private static void keep(OrtEnvironment environment, OrtLoggingLevel level)
      throws ReflectiveOperationException {
    Lookup inside = inside();
    Class<?> runtime = inside.findClass("ai.onnxruntime.OnnxRuntime");
    long api = (long) inside.findStaticVarHandle(runtime, "ortApiHandle", long.class).get();
    MethodHandle reference =
        inside.findStatic(
            OrtEnvironment.class,
            "createHandle",
            MethodType.methodType(long.class, long.class, int.class, String.class));
    long used =
        (long)
            inside.findVarHandle(OrtEnvironment.class, "nativeHandle", long.class).get(environment);
    long kept;
    try {
      kept = (long) reference.invokeExact(api, level.getValue(), OrtEnvironment.DEFAULT_NAME);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new ReflectiveOperationException(e);
    }
    if (kept != used) {
      throw shutDown(null);
    }
  }

  private static Lookup inside() throws IllegalAccessException {
    return MethodHandles.privateLookupIn(OrtEnvironment.class, MethodHandles.lookup());
  }

  private static IllegalStateException shutDown(@Nullable Throwable cause) {
    return new IllegalStateException(
        "ONNX Runtime cannot start while the virtual machine shuts down; load what a shutdown hook"
            + " needs before",
        cause);
  }
}
