package io.github.recurrent.examples.service.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Post;
import io.github.recurrent.examples.service.repository.CommandParameters;
import io.github.recurrent.examples.service.repository.Repository;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Fields;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.serving.ModelStatus;
import io.github.recurrent.examples.service.serving.ModelStatus.State;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The protocol's extension for the repository of models: what is there, load it, unload it. */
public final class RepositoryService {
  private static final ImmutableSet<String> INDEX = ImmutableSet.of("ready");
  private static final ImmutableSet<String> COMMAND = ImmutableSet.of("parameters");

  private final Repository repository;

  public RepositoryService(Repository repository) {
    this.repository = repository;
  }

  @Blocking
  @Post("/v2/repository/index")
  public HttpResponse index(AggregatedHttpRequest body) {
    boolean onlyReady = fields(body, INDEX).flatMap(RepositoryService::ready).orElse(false);
    ArrayNode index = Json.array();
    for (ModelStatus status : repository.index()) {
      if (!onlyReady || status.state() == State.READY) {
        index
            .addObject()
            .put("name", status.name())
            .put("version", status.version())
            .put("state", status.state().name())
            .put("reason", status.reason());
      }
    }
    return Json.response(HttpStatus.OK, index);
  }

  private static Optional<Boolean> ready(Fields fields) {
    return fields
        .value("ready")
        .map(
            ready -> {
              if (!ready.isBoolean()) {
                throw Fault.bad("ready must be true or false, but is " + Json.kind(ready));
              }
              return ready.booleanValue();
            });
  }

  @Blocking
  @Post("/v2/repository/models/{name}/load")
  public CompletableFuture<HttpResponse> load(
      ServiceRequestContext context, @Param("name") String name, AggregatedHttpRequest body) {
    CommandParameters.requireNone(names(body));
    // A large model takes longer than an answer.
    context.clearRequestTimeout();
    return repository.load(name).thenApply(done -> Json.response(HttpStatus.OK, Json.object()));
  }

  @Blocking
  @Post("/v2/repository/models/{name}/unload")
  public CompletableFuture<HttpResponse> unload(
      ServiceRequestContext context, @Param("name") String name, AggregatedHttpRequest body) {
    CommandParameters.requireOfUnload(names(body));
    context.clearRequestTimeout();
    return repository.unload(name).thenApply(done -> Json.response(HttpStatus.OK, Json.object()));
  }

  /** Returns the names of the parameters. */
  private static ImmutableList<String> names(AggregatedHttpRequest body) {
    Optional<JsonNode> parameters =
        fields(body, COMMAND).flatMap(fields -> fields.value("parameters"));
    if (parameters.isPresent() && !parameters.get().isObject()) {
      throw Fault.bad("parameters must be an object, but is " + Json.kind(parameters.get()));
    }
    return parameters
        .map(node -> ImmutableList.copyOf(node.fieldNames()))
        .orElse(ImmutableList.of());
  }

  /** Returns the fields of a body, which may be left out. */
  private static Optional<Fields> fields(AggregatedHttpRequest body, ImmutableSet<String> known) {
    return body.content().isEmpty()
        ? Optional.empty()
        : Optional.of(Fields.of("", Json.read(body.content().array()), known));
  }
}
