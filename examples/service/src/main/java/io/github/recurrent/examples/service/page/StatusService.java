package io.github.recurrent.examples.service.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.annotation.Get;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.examples.service.metrics.IterationsByHops;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.ServedModel;
import io.github.recurrent.onnx.ContinuousBatcher.Statistics;
import java.time.Duration;

/** What a model does now and has done since it was loaded, as people want to see it. */
public final class StatusService {
  private static final ImmutableSet<String> PARAMETERS =
      ImmutableSet.of(PathParameters.MODEL, PathParameters.VERSION);

  private final Models models;
  private final Limits limits;

  public StatusService(Models models, Limits limits) {
    this.models = models;
    this.limits = limits;
  }

  @Get("/v1/status")
  public HttpResponse status(QueryParams parameters) {
    PathParameters.requireOnly(parameters, PARAMETERS);
    ServedModel model = PathParameters.model(parameters, models);
    Vocabulary vocabulary = model.vocabulary();
    Statistics statistics = model.statistics();
    ObjectNode status =
        Json.object()
            .put("model", model.name())
            .put("version", model.version())
            .put("entities", vocabulary.entities())
            .put("relations", vocabulary.relations());
    models.names().forEach(status.putArray("models")::add);
    status
        .putObject("limits")
        .put("rows", limits.rows())
        .put("length", limits.length())
        .put("iterations", limits.iterations())
        .put("top_k", limits.topK())
        .put("output_values", limits.outputValues())
        .put("deadline_ms", limits.deadline().toMillis());
    status
        .putObject("queries")
        .put("waiting", statistics.waiting())
        .put("running", statistics.running())
        .put("answered", statistics.answers())
        .put("cancelled", statistics.cancelled())
        .put("expired", statistics.expired())
        .put("failed", statistics.failed())
        .put("refused", statistics.refused());
    status
        .putObject("batches")
        .put("iterations", statistics.steps())
        .put("mean_rows", statistics.meanRows());
    status
        .putObject("wait_ms")
        .put("mean", milliseconds(statistics.meanWait()))
        .put("longest", milliseconds(statistics.longestWait()));
    ArrayNode rows = status.putArray("iterations_by_hops");
    for (IterationsByHops.Row row : model.iterationsByHops().rows()) {
      rows.addObject()
          .put("hops", row.hops())
          .put("answers", row.answers())
          .put("mean_iterations", row.meanIterations());
    }
    return Json.response(HttpStatus.OK, status);
  }

  private static double milliseconds(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
