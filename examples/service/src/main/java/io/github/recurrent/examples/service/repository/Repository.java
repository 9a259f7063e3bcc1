package io.github.recurrent.examples.service.repository;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.examples.service.metrics.Measures;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Shown;
import io.github.recurrent.examples.service.serving.ModelStatus;
import io.github.recurrent.examples.service.serving.ModelStatus.State;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.ServedModel;
import io.github.recurrent.examples.service.serving.ServingOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves what a source holds: loads the versions that the policy wants, one after another in a
 * thread of its own, and lets go those that it wants no longer once the others are there.
 *
 * <p>A version that cannot be loaded does not count for the policy until its files change, so that
 * those before it go on. Thread-safe.
 */
public final class Repository implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Repository.class);
  private static final Duration LONGEST_END = Duration.ofSeconds(5);
  private static final int MOST_COMMANDS = 32;

  /** Names stay unloaded while their folders are away. */
  private static final int MOST_UNLOADED = 1000;

  private final ModelSource source;
  private final VersionPolicy policy;
  private final Models models;
  private final ServingOptions options;
  private final Measures measures;
  private final Runnable changed;
  private final Semaphore commands = new Semaphore(MOST_COMMANDS);
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Repository::thread);

  /** The last tries to load versions; only the thread uses them. */
  private final Map<Key, Attempt> attempts = new HashMap<>();

  /** Only the thread uses it. */
  private String lastProblem = "";

  private final Set<String> unloaded = ConcurrentHashMap.newKeySet();
  private volatile Found found = Found.NOTHING;

  private record Key(String name, long version) {}

  /**
   * The last try to load a version.
   *
   * @param problem why it failed; empty if it did not
   */
  private record Attempt(Object state, String problem) {}

  /**
   * @param changed is run after every look and command, in the repository's thread
   */
  public Repository(
      ModelSource source,
      VersionPolicy policy,
      Models models,
      ServingOptions options,
      Measures measures,
      Runnable changed) {
    this.source = source;
    this.policy = policy;
    this.models = models;
    this.options = options;
    this.measures = measures;
    this.changed = changed;
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "service-repository");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Looks for the first time, and waits until what is wanted is loaded or cannot be.
   *
   * @throws IOException if the source cannot be seen
   */
  public void start() throws IOException {
    try {
      CompletableFuture.runAsync(
              () -> {
                see();
                bringAll();
              },
              thread)
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException problem) {
        throw problem.getCause();
      }
      throw e;
    }
  }

  /** Looks again and again. */
  public void watch(Duration pause) {
    Future<?> unused =
        thread.scheduleWithFixedDelay(
            this::lookAgain, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void lookAgain() {
    try {
      see();
      bringAll();
      lastProblem = "";
    } catch (RuntimeException | Error e) {
      // What is loaded goes on, and so do the looks.
      String problem = e.toString();
      if (!problem.equals(lastProblem)) {
        LOG.warn("The models cannot be looked at; those that are loaded go on: {}", problem);
      }
      lastProblem = problem;
    }
  }

  /** Looks, and remembers what there is. */
  private void see() {
    Found now;
    try {
      now = source.look();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    now.ignored()
        .forEach(
            (place, reason) -> {
              if (!reason.equals(found.ignored().get(place))) {
                LOG.warn("{} is ignored: {}", place, reason);
              }
            });
    attempts
        .keySet()
        .removeIf(
            key ->
                !now.unreadable().contains(key.name())
                    && !now.versions(key.name()).containsKey(key.version()));
    found = now;
  }

  private void bringAll() {
    for (String name : models.names()) {
      if (!found.has(name)) {
        models.retain(name, ImmutableSet.of());
      }
    }
    ImmutableList<String> names =
        found.models().keySet().stream()
            .filter(name -> !unloaded.contains(name))
            .collect(toImmutableList());
    // A request finds that a model is being loaded, not that it is unknown.
    names.forEach(this::announce);
    models.complete();
    names.forEach(this::bring);
    changed.run();
  }

  /** Loads what is wanted of a model, and then lets the rest go. */
  private void bring(String name) {
    ImmutableList<Long> missing = announce(name);
    while (!missing.isEmpty()) {
      load(name, missing.get(0));
      // What could not be loaded makes room for another.
      missing = announce(name);
    }
    ImmutableSortedSet<Long> wanted = wanted(name);
    models.retain(
        name, ImmutableSet.<Long>builder().addAll(wanted).addAll(missed(name, wanted)).build());
  }

  /** Announces what is still to be loaded of a model, and returns it, the greatest first. */
  private ImmutableList<Long> announce(String name) {
    ImmutableList<Long> missing =
        wanted(name).descendingSet().stream()
            .filter(version -> isNew(name, version))
            .collect(toImmutableList());
    missing.forEach(version -> models.announce(name, version));
    return missing;
  }

  /** Returns the versions that the policy wants among those that can be loaded, or may be. */
  private ImmutableSortedSet<Long> wanted(String name) {
    TreeSet<Long> usable = new TreeSet<>(found.versions(name).keySet());
    usable.removeIf(version -> !isNew(name, version) && !isLoaded(name, version));
    return policy.select(usable);
  }

  /** Returns the versions that would be wanted if they could be loaded. */
  private ImmutableSet<Long> missed(String name, Set<Long> wanted) {
    return found.versions(name).keySet().stream()
        .filter(
            version -> {
              TreeSet<Long> with = new TreeSet<>(wanted);
              return with.add(version) && policy.select(with).contains(version);
            })
        .collect(toImmutableSet());
  }

  private boolean isNew(String name, long version) {
    Attempt attempt = attempts.get(new Key(name, version));
    FoundVersion there = found.versions(name).get(version);
    return there != null && (attempt == null || !attempt.state().equals(there.state()));
  }

  private boolean isLoaded(String name, long version) {
    return models.status(name, version).filter(status -> status.state() == State.READY).isPresent();
  }

  private void load(String name, long version) {
    FoundVersion there = found.versions(name).get(version);
    if (there == null) {
      return;
    }
    String problem = there.problem();
    if (problem.isEmpty()) {
      try {
        models.put(ServedModel.load(name, version, there.folder(), options, measures));
        LOG.info("Version {} of {} is loaded", version, name);
      } catch (IOException | RuntimeException | OutOfMemoryError | LinkageError e) {
        problem = e.getMessage() == null ? e.toString() : e.getMessage();
      }
    }
    attempts.put(new Key(name, version), new Attempt(there.state(), problem));
    if (!problem.isEmpty()) {
      models.fail(name, version, problem);
      LOG.warn("Version {} of {} cannot be loaded: {}", version, name, problem);
    }
  }

  /**
   * Loads a model, or what has changed of it.
   *
   * @return completes when it is loaded; fails with a {@link Fault} if it cannot be
   */
  public CompletableFuture<Void> load(String name) {
    return command(
        () -> {
          see();
          ImmutableSortedMap<Long, FoundVersion> versions = found.versions(name);
          if (versions.isEmpty()) {
            throw unknown(name);
          }
          unloaded.remove(name);
          attempts
              .entrySet()
              .removeIf(
                  attempt ->
                      attempt.getKey().name().equals(name)
                          && !attempt.getValue().problem().isEmpty());
          bring(name);
          ImmutableSortedSet<Long> wanted = policy.select(versions.keySet());
          if (wanted.isEmpty()) {
            throw Fault.bad(
                "the policy " + policy + " wants no version of " + name + " that is there");
          }
          for (long version : wanted) {
            Attempt attempt = attempts.get(new Key(name, version));
            if (attempt != null && !attempt.problem().isEmpty()) {
              throw Fault.bad(
                  "version " + version + " of " + name + " cannot be loaded: " + attempt.problem());
            }
          }
        });
  }

  /**
   * Takes a model away from new requests, until it is loaded on request. Those under way are
   * answered, and its memory is given back after that.
   *
   * @return completes when no new request finds it; fails with a {@link Fault} if there is none
   */
  public CompletableFuture<Void> unload(String name) {
    return command(
        () -> {
          if (!found.has(name) && !models.names().contains(name)) {
            throw unknown(name);
          }
          if (unloaded.size() >= MOST_UNLOADED && !unloaded.contains(name)) {
            throw Fault.bad("too many models are unloaded: " + MOST_UNLOADED + " may be at once");
          }
          unloaded.add(name);
          models.retain(name, ImmutableSet.of());
          attempts.keySet().removeIf(key -> key.name().equals(name));
          LOG.info("{} is unloaded", name);
        });
  }

  private static Fault unknown(String name) {
    return Fault.bad("there is no model " + Shown.text(name) + " in the repository");
  }

  private CompletableFuture<Void> command(Runnable command) {
    if (!commands.tryAcquire()) {
      throw Fault.busy("too many loads and unloads wait: at most " + MOST_COMMANDS);
    }
    try {
      return CompletableFuture.runAsync(
              () -> {
                try {
                  command.run();
                } catch (UncheckedIOException e) {
                  LOG.warn("The models cannot be looked at", e);
                  throw Fault.unavailable(
                      "the folder of the models cannot be read; the log says why");
                } finally {
                  changed.run();
                }
              },
              thread)
          .whenComplete((done, problem) -> commands.release());
    } catch (RejectedExecutionException e) {
      commands.release();
      throw Fault.unavailable("the service ends");
    }
  }

  /** Returns all versions that the last look has found, with what they are at. */
  public ImmutableList<ModelStatus> index() {
    Found last = found;
    ImmutableList.Builder<ModelStatus> index = ImmutableList.builder();
    last.models()
        .forEach(
            (name, versions) ->
                versions.keySet().forEach(version -> index.add(status(name, version))));
    return index.build();
  }

  private ModelStatus status(String name, long version) {
    return models
        .status(name, version)
        .orElseGet(
            () ->
                new ModelStatus(
                    name,
                    Long.toString(version),
                    State.UNAVAILABLE,
                    unloaded.contains(name)
                        ? "unloaded on request"
                        : "the policy " + policy + " does not want it"));
  }

  /** Looks no more, and loads nothing. */
  @Override
  public void close() {
    thread.shutdown();
    boolean unused =
        Uninterruptibles.awaitTerminationUninterruptibly(
            thread, LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
  }
}
