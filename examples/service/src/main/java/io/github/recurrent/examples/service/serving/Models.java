package io.github.recurrent.examples.service.serving;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Shown;
import org.jspecify.annotations.Nullable;

/** The models by name and version; there is one. Thread-safe. */
public final class Models implements AutoCloseable {
  public static final String VERSION = "1";

  private final String name;

  @GuardedBy("this")
  private @Nullable ServedModel loaded;

  public Models(String name) {
    this.name = name;
  }

  public synchronized void put(ServedModel model) {
    loaded = model;
  }

  /** Returns the name of the only model. */
  public String name() {
    return name;
  }

  public boolean has(String asked, String version) {
    return asked.equals(name) && version.equals(VERSION);
  }

  /** Refuses a name or version that does not exist. */
  public void require(String asked, String version) {
    if (!has(asked, version)) {
      throw Fault.bad(unknown(asked, version));
    }
  }

  /** Returns the sentence for a name or version that does not exist. */
  public String unknown(String asked, String version) {
    return asked.equals(name)
        ? "there is no version " + Shown.text(version) + " of " + name + ", only " + VERSION
        : "there is no model " + Shown.text(asked) + ", only " + name;
  }

  /** Returns the only model, which must be loaded. */
  public synchronized ServedModel loaded() {
    if (loaded == null) {
      throw Fault.unavailable("the model is being loaded");
    }
    return loaded;
  }

  @Override
  public synchronized void close() {
    if (loaded != null) {
      loaded.close();
    }
  }
}
