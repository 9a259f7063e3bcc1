package io.github.recurrent.examples.service.serving;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Shown;
import io.github.recurrent.examples.service.serving.ModelStatus.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The models that requests may name, by name and version. What a request names is only looked up
 * here. Thread-safe.
 */
public final class Models implements AutoCloseable {
  private static final int MOST_NAMES_SHOWN = 5;

  /** Closing waits for a batcher's threads: no thread that answers requests may do that. */
  private final ThreadPoolExecutor closer =
      new ThreadPoolExecutor(
          1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Models::closingThread);

  @GuardedBy("this")
  private final NavigableMap<String, NavigableMap<Long, Slot>> models = new TreeMap<>();

  /** Those that are not closed yet, with or without requests to come. */
  @GuardedBy("this")
  private final List<ServedModel> open = new ArrayList<>();

  @GuardedBy("this")
  private boolean isComplete;

  @GuardedBy("this")
  private boolean isClosed;

  /** A version that is there to be asked for. */
  private static final class Slot {
    private @Nullable ServedModel model;
    private String problem = "";
  }

  public Models() {
    closer.allowCoreThreadTimeOut(true);
  }

  private static Thread closingThread(Runnable task) {
    Thread thread = new Thread(task, "service-closer");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Returns a model that stays open until the request is answered.
   *
   * @param version empty for the greatest that is loaded
   * @param unknown makes what is thrown for a name or version that does not exist
   * @throws Fault if there is no such model, or it is not loaded
   */
  public synchronized ServedModel use(
      ServiceRequestContext context, String name, String version, Function<String, Fault> unknown) {
    ServedModel model = find(name, version, unknown);
    model.use(context);
    return model;
  }

  /**
   * Returns a model to look at: it may be closed at any time, and answers nothing then.
   *
   * @param version empty for the greatest that is loaded
   * @param unknown makes what is thrown for a name or version that does not exist
   * @throws Fault if there is no such model, or it is not loaded
   */
  public synchronized ServedModel find(
      String name, String version, Function<String, Fault> unknown) {
    NavigableMap<Long, Slot> versions = versions(name, version, unknown);
    for (Slot slot : asked(versions, version)) {
      ServedModel model = slot.model;
      if (model != null) {
        return model;
      }
    }
    boolean isLoading = asked(versions, version).stream().anyMatch(slot -> slot.problem.isEmpty());
    throw Fault.unavailable(isLoading ? "the model is being loaded" : "the model cannot be loaded");
  }

  private static Collection<Slot> asked(NavigableMap<Long, Slot> versions, String version) {
    return version.isEmpty()
        ? versions.descendingMap().values()
        : versions.subMap(Long.parseLong(version), true, Long.parseLong(version), true).values();
  }

  private static boolean isLoaded(NavigableMap<Long, Slot> versions) {
    return versions.values().stream().anyMatch(slot -> slot.model != null);
  }

  /** Returns the versions of a model, of which there must be the one that is named. */
  @GuardedBy("this")
  private NavigableMap<Long, Slot> versions(
      String name, String version, Function<String, Fault> unknown) {
    NavigableMap<Long, Slot> versions = models.get(name);
    if (versions == null) {
      if (!isComplete) {
        throw Fault.unavailable("the models are being loaded");
      }
      throw unknown.apply("there is no model " + Shown.text(name) + ", " + only(models.keySet()));
    }
    OptionalLong number = ModelVersion.parse(version);
    if (!version.isEmpty() && (number.isEmpty() || !versions.containsKey(number.getAsLong()))) {
      throw unknown.apply(
          "there is no version "
              + Shown.text(version)
              + " of "
              + name
              + ", "
              + only(versions.keySet()));
    }
    return versions;
  }

  private static String only(Set<?> known) {
    if (known.isEmpty()) {
      return "and none is loaded";
    }
    return "only "
        + Joiner.on(", ").join(known.stream().limit(MOST_NAMES_SHOWN).toList())
        + (known.size() > MOST_NAMES_SHOWN
            ? " and " + (known.size() - MOST_NAMES_SHOWN) + " more"
            : "");
  }

  /**
   * Returns the name of the only model.
   *
   * @throws Fault if there are several, so that a request must say which
   */
  public synchronized String only() {
    if (models.size() != 1) {
      if (!isComplete) {
        throw Fault.unavailable("the models are being loaded");
      }
      if (models.isEmpty()) {
        throw Fault.unavailable("no model is loaded");
      }
      throw Fault.bad(
          "model is missing, which must say what model to ask: " + only(models.keySet()));
    }
    return models.firstKey();
  }

  /** Returns the versions of a model that are loaded. */
  public synchronized ImmutableList<String> loaded(
      String name, String version, Function<String, Fault> unknown) {
    return versions(name, version, unknown).entrySet().stream()
        .filter(slot -> slot.getValue().model != null)
        .map(slot -> slot.getKey().toString())
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns whether a model can be asked, in its greatest version or the one that is named. */
  public boolean isLoaded(String name, String version, Function<String, Fault> unknown) {
    ImmutableList<String> loaded = loaded(name, version, unknown);
    return version.isEmpty() ? !loaded.isEmpty() : loaded.contains(version);
  }

  public synchronized boolean isAnyLoaded() {
    return models.values().stream().anyMatch(Models::isLoaded);
  }

  /** Returns the models of which no version is loaded. */
  public synchronized ImmutableList<String> missing() {
    return models.entrySet().stream()
        .filter(model -> !isLoaded(model.getValue()))
        .map(Map.Entry::getKey)
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns what a version is at, if it is there to be asked for. */
  public synchronized Optional<ModelStatus> status(String name, long version) {
    NavigableMap<Long, Slot> versions = models.get(name);
    Slot slot = versions == null ? null : versions.get(version);
    if (slot == null) {
      return Optional.empty();
    }
    State state =
        slot.model != null
            ? State.READY
            : slot.problem.isEmpty() ? State.LOADING : State.UNAVAILABLE;
    return Optional.of(new ModelStatus(name, Long.toString(version), state, slot.problem));
  }

  /** Names a version that is going to be loaded. */
  public synchronized void announce(String name, long version) {
    slot(name, version).problem = "";
  }

  @GuardedBy("this")
  private Slot slot(String name, long version) {
    return models
        .computeIfAbsent(name, unknown -> new TreeMap<>())
        .computeIfAbsent(version, unknown -> new Slot());
  }

  /** Requests find a model from now on, and the one in whose place it comes no longer. */
  public synchronized void put(ServedModel model) {
    open.add(model);
    if (isClosed) {
      retire(model);
      return;
    }
    Slot slot = slot(model.name(), model.number());
    ServedModel before = slot.model;
    slot.model = model;
    slot.problem = "";
    if (before != null) {
      retire(before);
    }
  }

  /** Says why a version cannot be loaded; an earlier load of it goes on to serve. */
  public synchronized void fail(String name, long version, String problem) {
    slot(name, version).problem = problem;
  }

  /** Requests find these versions of a model from now on, and no others. */
  public synchronized void retain(String name, ImmutableSet<Long> versions) {
    NavigableMap<Long, Slot> known = models.get(name);
    if (known == null) {
      return;
    }
    known.forEach(
        (version, slot) -> {
          if (!versions.contains(version) && slot.model != null) {
            retire(slot.model);
          }
        });
    known.keySet().retainAll(versions);
    if (known.isEmpty()) {
      models.remove(name);
    }
  }

  /** Returns the names of all models. */
  public synchronized ImmutableSet<String> names() {
    return ImmutableSet.copyOf(models.keySet());
  }

  /** All models are named: what is unknown does not exist. */
  public synchronized void complete() {
    isComplete = true;
  }

  @GuardedBy("this")
  private void retire(ServedModel model) {
    model.retire(() -> closer.execute(() -> close(model)));
  }

  private void close(ServedModel model) {
    model.close();
    synchronized (this) {
      open.remove(model);
    }
  }

  /** Returns the models that are not closed yet, the first that were loaded first. */
  public synchronized ImmutableList<ServedModel> open() {
    return ImmutableList.copyOf(open);
  }

  /** Closes all models, whoever uses them. */
  @Override
  public void close() {
    ImmutableList<ServedModel> left;
    synchronized (this) {
      isClosed = true;
      left = ImmutableList.copyOf(open);
    }
    left.forEach(this::close);
  }
}
