package io.github.recurrent.examples.service.serving;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.examples.service.metrics.InferenceStatistics;
import io.github.recurrent.examples.service.metrics.Measures;
import io.github.recurrent.examples.service.request.Fault;
import java.util.function.Function;

/** The statistics of the models that can be asked. Thread-safe. */
public final class ModelStatistics {
  private final Models models;
  private final Measures measures;

  public ModelStatistics(Models models, Measures measures) {
    this.models = models;
    this.measures = measures;
  }

  /**
   * Returns those of a model's version.
   *
   * @param name empty for all models
   * @param version empty for all that are loaded
   * @param unknown makes what is thrown for a name or version that does not exist
   */
  public ImmutableList<InferenceStatistics> of(
      String name, String version, Function<String, Fault> unknown) {
    if (name.isEmpty()) {
      return measures.statistics();
    }
    ImmutableList<String> loaded = models.loaded(name, version, unknown);
    return measures.statistics().stream()
        .filter(one -> one.name().equals(name) && loaded.contains(one.version()))
        .filter(one -> version.isEmpty() || one.version().equals(version))
        .collect(toImmutableList());
  }
}
