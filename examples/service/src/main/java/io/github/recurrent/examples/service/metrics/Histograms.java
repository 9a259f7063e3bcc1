package io.github.recurrent.examples.service.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/**
 * The distributions of all models. They are histograms with the same bounds everywhere, so that
 * those of replicas can be added up. Thread-safe.
 */
final class Histograms {
  private static final double[] SECONDS = {
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60
  };
  private static final double[] ITERATIONS = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 100, 1000};
  private static final double[] ROWS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

  /** Queries of more hops share a label. */
  private static final int MOST_HOPS = 20;

  private static final double NANOSECONDS = 1e9;

  private final Histogram requests;
  private final Histogram waits;
  private final Histogram iterations;
  private final Histogram rows;

  Histograms(PrometheusRegistry registry) {
    requests =
        histogram(
            registry,
            "recurrent_request_seconds",
            "Time of a request, from its first byte",
            SECONDS);
    waits =
        histogram(
            registry,
            "recurrent_queue_seconds",
            "Time from a query's submission to its first iteration, or to its end without one",
            SECONDS);
    iterations =
        histogram(
            registry,
            "recurrent_iterations",
            "Iterations of the queries that were answered, by their hops",
            ITERATIONS,
            "hops");
    rows = histogram(registry, "recurrent_batch_rows", "Queries in an iteration of a batch", ROWS);
  }

  private static Histogram histogram(
      PrometheusRegistry registry, String name, String help, double[] bounds, String... more) {
    String[] labels = new String[2 + more.length];
    labels[0] = Measures.MODEL;
    labels[1] = Measures.VERSION;
    System.arraycopy(more, 0, labels, 2, more.length);
    return Histogram.builder()
        .name(name)
        .help(help)
        .classicOnly()
        .withoutExemplars()
        .classicUpperBounds(bounds)
        .labelNames(labels)
        .register(registry);
  }

  void request(ModelMeasures model, long nanoseconds) {
    requests.labelValues(model.name(), model.version()).observe(nanoseconds / NANOSECONDS);
  }

  void wait(ModelMeasures model, Duration time) {
    waits.labelValues(model.name(), model.version()).observe(time.toNanos() / NANOSECONDS);
  }

  void iterations(ModelMeasures model, int hops, int count) {
    iterations
        .labelValues(
            model.name(), model.version(), hops <= MOST_HOPS ? Integer.toString(hops) : "more")
        .observe(count);
  }

  void batch(ModelMeasures model, int count) {
    rows.labelValues(model.name(), model.version()).observe(count);
  }

  /** Drops the series of a model that is no longer there. */
  void remove(ModelMeasures model) {
    for (Histogram histogram : new Histogram[] {requests, waits, iterations, rows}) {
      histogram.removeIf(
          labels -> labels.get(0).equals(model.name()) && labels.get(1).equals(model.version()));
    }
  }
}
