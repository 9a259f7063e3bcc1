package io.github.recurrent.examples.service.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import io.github.recurrent.examples.service.metrics.Elapsed;
import io.github.recurrent.examples.service.metrics.InferenceStatistics;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.serving.ModelStatistics;
import java.util.List;

/** The protocol's extension for statistics. */
public final class StatisticsService {
  private final ModelStatistics statistics;

  public StatisticsService(ModelStatistics statistics) {
    this.statistics = statistics;
  }

  @Get("/v2/models/stats")
  public HttpResponse all() {
    return response(statistics.of("", "", Fault::bad));
  }

  @Get("/v2/models/{name}/stats")
  public HttpResponse model(@Param("name") String name) {
    return response(statistics.of(name, "", Fault::bad));
  }

  @Get("/v2/models/{name}/versions/{version}/stats")
  public HttpResponse version(@Param("name") String name, @Param("version") String version) {
    return response(statistics.of(name, version, Fault::bad));
  }

  private static HttpResponse response(List<InferenceStatistics> models) {
    ObjectNode body = Json.object();
    ArrayNode all = body.putArray("model_stats");
    models.forEach(model -> all.add(json(model)));
    return Json.response(HttpStatus.OK, body);
  }

  private static ObjectNode json(InferenceStatistics model) {
    ObjectNode json =
        Json.object()
            .put("name", model.name())
            .put("version", model.version())
            .put("last_inference", model.lastInference())
            .put("inference_count", model.inferences())
            .put("execution_count", model.infer().count());
    ObjectNode times = json.putObject("inference_stats");
    times.set("success", json(model.success()));
    times.set("fail", json(model.fail()));
    times.set("queue", json(model.queue()));
    times.set("compute_input", json(model.input()));
    times.set("compute_infer", json(model.infer()));
    times.set("compute_output", json(model.output()));
    times.set("cache_hit", json(Elapsed.NONE));
    times.set("cache_miss", json(Elapsed.NONE));
    json.putObject("response_stats");
    ArrayNode batches = json.putArray("batch_stats");
    for (InferenceStatistics.Batch batch : model.batches()) {
      ObjectNode size = batches.addObject().put("batch_size", batch.size());
      size.set("compute_input", json(Elapsed.NONE));
      size.set("compute_infer", json(batch.infer()));
      size.set("compute_output", json(Elapsed.NONE));
    }
    json.putArray("memory_usage");
    return json;
  }

  private static ObjectNode json(Elapsed elapsed) {
    return Json.object().put("count", elapsed.count()).put("ns", elapsed.nanoseconds());
  }
}
