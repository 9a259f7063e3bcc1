package io.github.recurrent.examples.service.metrics;

import com.google.common.collect.ImmutableList;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.function.ToDoubleFunction;

/**
 * Reads counters when Prometheus asks. Those with Triton's names have no type: its counters do not
 * end in {@code _total}, as those of the library must.
 */
final class CounterCollector implements MultiCollector {
  private static final double MICROSECOND = 1000;

  private final Measures measures;

  CounterCollector(Measures measures) {
    this.measures = measures;
  }

  /** The measures of a version with its counters at a moment. */
  private record Row(ModelMeasures model, InferenceStatistics statistics) {
    Labels labels() {
      return Labels.of(Measures.MODEL, model.name(), Measures.VERSION, model.version());
    }
  }

  @Override
  public MetricSnapshots collect() {
    ImmutableList<Row> rows =
        measures.models().stream()
            .map(model -> new Row(model, model.statistics()))
            .collect(ImmutableList.toImmutableList());
    return MetricSnapshots.builder()
        .metricSnapshot(
            triton(
                rows,
                "nv_inference_request_success",
                "Requests that were answered",
                row -> row.statistics().success().count()))
        .metricSnapshot(failures(rows))
        .metricSnapshot(
            triton(
                rows,
                "nv_inference_count",
                "Queries that were answered",
                row -> row.statistics().inferences()))
        .metricSnapshot(
            triton(
                rows,
                "nv_inference_exec_count",
                "Iterations of batches",
                row -> row.statistics().infer().count()))
        .metricSnapshot(
            triton(
                rows,
                "nv_inference_request_duration_us",
                "Time of the requests that were answered, in microseconds",
                row -> row.statistics().success().nanoseconds() / MICROSECOND))
        .metricSnapshot(
            triton(
                rows,
                "nv_inference_queue_duration_us",
                "Time that queries waited, in microseconds",
                row -> row.statistics().queue().nanoseconds() / MICROSECOND))
        .metricSnapshot(
            triton(
                rows,
                "nv_inference_compute_infer_duration_us",
                "Time of the iterations of batches, in microseconds",
                row -> row.statistics().infer().nanoseconds() / MICROSECOND))
        .metricSnapshot(pending(rows))
        .metricSnapshot(queries(rows))
        .metricSnapshot(tokens(rows))
        .metricSnapshot(open())
        .build();
  }

  private static UnknownSnapshot triton(
      ImmutableList<Row> rows, String name, String help, ToDoubleFunction<Row> value) {
    UnknownSnapshot.Builder metric = UnknownSnapshot.builder().name(name).help(help);
    for (Row row : rows) {
      metric.dataPoint(
          UnknownDataPointSnapshot.builder()
              .labels(row.labels())
              .value(value.applyAsDouble(row))
              .build());
    }
    return metric.build();
  }

  private static MetricSnapshot failures(ImmutableList<Row> rows) {
    UnknownSnapshot.Builder metric =
        UnknownSnapshot.builder()
            .name("nv_inference_request_failure")
            .help("Requests that were not answered");
    for (Row row : rows) {
      for (Failure failure : Failure.values()) {
        metric.dataPoint(
            UnknownDataPointSnapshot.builder()
                .labels(row.labels().add("reason", failure.name()))
                .value((double) row.model().failures(failure))
                .build());
      }
    }
    return metric.build();
  }

  private static MetricSnapshot pending(ImmutableList<Row> rows) {
    GaugeSnapshot.Builder metric =
        GaugeSnapshot.builder()
            .name("nv_inference_pending_request_count")
            .help("Queries that wait now");
    for (Row row : rows) {
      metric.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(row.labels())
              .value((double) row.model().waiting())
              .build());
    }
    return metric.build();
  }

  private static MetricSnapshot queries(ImmutableList<Row> rows) {
    CounterSnapshot.Builder metric =
        CounterSnapshot.builder().name("recurrent_queries").help("Queries by how they ended");
    for (Row row : rows) {
      row.model()
          .queries()
          .forEach(
              (outcome, count) ->
                  metric.dataPoint(
                      CounterDataPointSnapshot.builder()
                          .labels(row.labels().add("outcome", outcome))
                          .value(count)
                          .build()));
    }
    return metric.build();
  }

  private static MetricSnapshot tokens(ImmutableList<Row> rows) {
    CounterSnapshot.Builder metric =
        CounterSnapshot.builder()
            .name("recurrent_tokens_computed")
            .help("Tokens of all iterations");
    for (Row row : rows) {
      metric.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(row.labels())
              .value((double) row.model().tokens())
              .build());
    }
    return metric.build();
  }

  private MetricSnapshot open() {
    return GaugeSnapshot.builder()
        .name("recurrent_open_batchers")
        .help("Versions of models in memory, those that are drained included")
        .dataPoint(GaugeDataPointSnapshot.builder().value(measures.openBatchers()).build())
        .build();
  }
}
