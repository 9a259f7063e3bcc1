package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.Resources;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import io.github.recurrent.examples.service.Service.Reply;
import io.github.recurrent.examples.service.page.PageService;
import io.github.recurrent.examples.service.request.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The OpenAPI description of the service, to which its answers must hold. */
final class Description {
  static final JsonNode DOCUMENT = read();

  private static final JsonMetaSchema DRAFT =
      JsonMetaSchema.builder(JsonMetaSchema.getV202012())
          .keyword(new NonValidationKeyword("components"))
          .build();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.builder().defaultMetaSchemaIri(DRAFT.getIri()).metaSchema(DRAFT).build();
  private static final Map<String, JsonSchema> BY_REFERENCE = new ConcurrentHashMap<>();

  private Description() {}

  private static JsonNode read() {
    try {
      return Json.read(
          Resources.toByteArray(Resources.getResource(PageService.class, "openapi.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless a value is as one of the schemas says. */
  static void requireValid(String schema, JsonNode value) {
    requireReferenced("#/components/schemas/" + schema, value);
  }

  /** Fails unless an answer of JSON is as described, at a path that is described. */
  static void requireDescribed(HttpRequest request, Reply reply) {
    String type = reply.headers().firstValue("content-type").orElse("");
    if (!type.startsWith("application/json")) {
      return;
    }
    JsonNode operation = operation(request);
    if (operation.isMissingNode()) {
      if (request.uri().getPath().equals("/openapi.json")) {
        return;
      }
      assertThat(reply.status())
          .as("%s %s is not described", request.method(), request.uri())
          .isGreaterThanOrEqualTo(400);
      requireValid("Error", reply.json());
      return;
    }
    JsonNode response = response(operation.path("responses"), reply.status());
    JsonNode schema = response.path("content").path("application/json").path("schema");
    assertThat(schema.isObject())
        .as("%s %s is described with status %s", request.method(), request.uri(), reply.status())
        .isTrue();
    requireReferenced(schema, reply.json());
  }

  private static JsonNode operation(HttpRequest request) {
    String path = request.uri().getPath();
    JsonNode exact = DOCUMENT.path("paths").path(path);
    if (!exact.isMissingNode()) {
      return exact.path(method(request));
    }
    for (var described : DOCUMENT.path("paths").properties()) {
      String pattern = described.getKey().replaceAll("\\{[a-z]+\\}", "[^/]+");
      if (path.matches(pattern + "/?")) {
        return described.getValue().path(method(request));
      }
    }
    return exact;
  }

  private static String method(HttpRequest request) {
    return request.method().toLowerCase(Locale.ROOT);
  }

  private static JsonNode response(JsonNode responses, int status) {
    String exact = Integer.toString(status);
    JsonNode response = responses.path(responses.has(exact) ? exact : status / 100 + "XX");
    return response.has("$ref")
        ? DOCUMENT.at(response.path("$ref").asText().substring(1))
        : response;
  }

  private static void requireReferenced(JsonNode schema, JsonNode value) {
    requireValid(
        BY_REFERENCE.computeIfAbsent(schema.toString(), unused -> compiled(schema)), value);
  }

  private static void requireReferenced(String reference, JsonNode value) {
    requireReferenced(Json.object().put("$ref", reference), value);
  }

  private static JsonSchema compiled(JsonNode schema) {
    return SCHEMAS.getSchema(
        ((ObjectNode) schema.deepCopy()).set("components", DOCUMENT.path("components")));
  }

  private static void requireValid(JsonSchema schema, JsonNode value) {
    assertThat(schema.validate(value)).as("%s", value).isEmpty();
  }
}
