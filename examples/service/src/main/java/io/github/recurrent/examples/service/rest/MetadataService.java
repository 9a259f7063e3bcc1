package io.github.recurrent.examples.service.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Path;
import io.github.recurrent.examples.service.answer.ServerMetadata;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.request.TensorSpec;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.Readiness;
import java.util.List;

/**
 * What the protocol tells of the server and its models: that they live, are ready, what they take.
 */
public final class MetadataService {
  private final Models models;
  private final Readiness readiness;
  private final ServerMetadata metadata;

  public MetadataService(Models models, Readiness readiness, ServerMetadata metadata) {
    this.models = models;
    this.readiness = readiness;
    this.metadata = metadata;
  }

  @Get
  @Path("/v2")
  @Path("/v2/")
  public HttpResponse server() {
    ObjectNode server =
        Json.object().put("name", ServerMetadata.NAME).put("version", ServerMetadata.version());
    ArrayNode names = server.putArray("extensions");
    metadata.extensions().forEach(names::add);
    return Json.response(HttpStatus.OK, server);
  }

  @Get("/v2/health/live")
  public HttpResponse live() {
    return Json.response(HttpStatus.OK, Json.object().put("live", true));
  }

  /** Has the key of the specification and that of KServe. */
  @Get("/v2/health/ready")
  public HttpResponse ready() {
    boolean ready = readiness.isReady();
    return Json.response(status(ready), Json.object().put("live", ready).put("ready", ready));
  }

  @Get("/v2/models/{name}/ready")
  public HttpResponse modelReady(@Param("name") String name) {
    return modelReady(name, "");
  }

  @Get("/v2/models/{name}/versions/{version}/ready")
  public HttpResponse modelReady(@Param("name") String name, @Param("version") String version) {
    boolean ready = readiness.isReady(name, version, Fault::notFound);
    return Json.response(status(ready), Json.object().put("name", name).put("ready", ready));
  }

  private static HttpStatus status(boolean ready) {
    return ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
  }

  @Get("/v2/models/{name}")
  public HttpResponse model(@Param("name") String name) {
    return model(name, "");
  }

  @Get("/v2/models/{name}/versions/{version}")
  public HttpResponse model(@Param("name") String name, @Param("version") String version) {
    ObjectNode model = Json.object().put("name", name);
    ArrayNode versions = model.putArray("versions");
    models.loaded(name, version, Fault::bad).forEach(versions::add);
    model.put("platform", ServerMetadata.PLATFORM);
    add(model.putArray("inputs"), TensorSpec.INPUTS);
    add(model.putArray("outputs"), TensorSpec.OUTPUTS);
    return Json.response(HttpStatus.OK, model);
  }

  private static void add(ArrayNode tensors, List<TensorSpec> specs) {
    for (TensorSpec spec : specs) {
      ObjectNode tensor =
          tensors.addObject().put("name", spec.name()).put("datatype", spec.datatype());
      ArrayNode shape = tensor.putArray("shape");
      spec.shape().forEach(shape::add);
    }
  }
}
