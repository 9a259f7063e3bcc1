package io.github.recurrent.examples.service.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Post;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.InferRequest;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.ServedModel;
import io.github.recurrent.reasoning.Answer;
import java.util.concurrent.CompletableFuture;

/** The protocol's inference. */
public final class InferService {
  private final Models models;
  private final Limits limits;

  public InferService(Models models, Limits limits) {
    this.models = models;
    this.limits = limits;
  }

  @Blocking
  @Post("/v2/models/{name}/infer")
  public CompletableFuture<HttpResponse> infer(
      ServiceRequestContext context, @Param("name") String name, AggregatedHttpRequest body) {
    return infer(context, name, "", body);
  }

  @Blocking
  @Post("/v2/models/{name}/versions/{version}/infer")
  public CompletableFuture<HttpResponse> infer(
      ServiceRequestContext context,
      @Param("name") String name,
      @Param("version") String version,
      AggregatedHttpRequest body) {
    ServedModel model = models.use(context, name, version, Fault::bad);
    InferRequest request =
        InferRequest.of(Json.read(body.content().array()), model.reader(), limits);
    return model
        .answer(context, request.queries(), request.choices())
        .handleAsync(
            (answers, problem) -> {
              if (problem != null) {
                throw FaultAnswers.ofQuery(context, problem);
              }
              return Json.response(HttpStatus.OK, response(model, request, answers));
            },
            context.blockingTaskExecutor());
  }

  private static ObjectNode response(
      ServedModel model, InferRequest request, ImmutableList<Answer> answers) {
    ObjectNode response =
        Json.object().put("model_name", model.name()).put("model_version", model.version());
    request.id().ifPresent(id -> response.put("id", id));
    ArrayNode outputs = response.putArray("outputs");
    request.outputs().forEach(output -> outputs.add(output.tensor(answers)));
    return response;
  }
}
