package io.github.recurrent.examples.service.serving;

import io.github.recurrent.examples.service.request.Fault;
import java.util.function.Function;

/** Whether load balancers may send requests, to the server and to its models. Thread-safe. */
public final class Readiness {
  private final Lifecycle lifecycle;
  private final Models models;

  public Readiness(Lifecycle lifecycle, Models models) {
    this.lifecycle = lifecycle;
    this.models = models;
  }

  /**
   * Returns whether all models of the start could be loaded, some is loaded, and no end is near.
   */
  public boolean isReady() {
    return lifecycle.isReady() && models.isAnyLoaded();
  }

  /** Returns whether a model answers, in its greatest version or the one that is named. */
  public boolean isReady(String name, String version, Function<String, Fault> unknown) {
    return models.isLoaded(name, version, unknown) && lifecycle.isStaying();
  }
}
