package io.github.recurrent.examples.service.metrics;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.recurrent.onnx.ContinuousBatcher;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The measures of all versions that are open; those of a version vanish with its last batcher.
 * Thread-safe.
 */
public final class Measures {
  static final String MODEL = "model";
  static final String VERSION = "version";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Histograms histograms = new Histograms(registry);

  @GuardedBy("this")
  private final Map<Key, ModelMeasures> models = new LinkedHashMap<>();

  private record Key(String name, String version) {}

  public Measures() {
    registry.register(new CounterCollector(this));
    JvmMetrics.builder().register(registry);
  }

  /** Returns the measures of a version, for a batcher that is to be opened. */
  public synchronized ModelMeasures of(String name, String version) {
    ModelMeasures known = models.get(new Key(name, version));
    return known == null ? new ModelMeasures(name, version, histograms) : known;
  }

  /** Shows measures from now on, since a batcher is open. */
  public synchronized void open(ModelMeasures model, ContinuousBatcher batcher) {
    model.add(batcher);
    models.put(new Key(model.name(), model.version()), model);
  }

  /** Shows measures no longer, unless another batcher of theirs is open. */
  public synchronized void close(ModelMeasures model, ContinuousBatcher batcher) {
    if (!model.remove(batcher)) {
      models.remove(new Key(model.name(), model.version()), model);
      histograms.remove(model);
    }
  }

  /** Returns the number of batchers that hold memory. */
  public int openBatchers() {
    return models().stream().mapToInt(ModelMeasures::openBatchers).sum();
  }

  synchronized ImmutableList<ModelMeasures> models() {
    return ImmutableList.copyOf(models.values());
  }

  /** Returns what the versions have done that are open. */
  public ImmutableList<InferenceStatistics> statistics() {
    return models().stream().map(ModelMeasures::statistics).collect(toImmutableList());
  }

  MetricSnapshots scrape() {
    return registry.scrape();
  }
}
