package io.github.recurrent.examples.service.rest;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Post;
import io.github.recurrent.examples.service.answer.Inference;
import io.github.recurrent.examples.service.answer.Unanswered;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.InferBody;
import io.github.recurrent.examples.service.request.InferRequest;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.ServedModel;
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
        InferRequest.of(
            InferBody.read(
                body.headers().getAll(InferBody.HEADER), body.content().array(), model.name()),
            model.reader(),
            limits);
    return Inference.answer(context, model, request)
        .handleAsync(
            (answered, problem) -> {
              if (problem != null) {
                throw Unanswered.because(context, problem);
              }
              return InferResponse.of(model, request, answered);
            },
            context.blockingTaskExecutor());
  }
}
