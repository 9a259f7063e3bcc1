package io.github.recurrent.examples.service.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.github.recurrent.examples.service.answer.Answered;
import io.github.recurrent.examples.service.answer.BinarySink;
import io.github.recurrent.examples.service.answer.JsonSink;
import io.github.recurrent.examples.service.request.InferBody;
import io.github.recurrent.examples.service.request.InferRequest;
import io.github.recurrent.examples.service.request.InferRequest.Requested;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.serving.ServedModel;
import java.io.ByteArrayOutputStream;

/** Writes answers as JSON, with the tensors that are asked for as plain bytes behind it. */
final class InferResponse {
  private InferResponse() {}

  static HttpResponse of(ServedModel model, InferRequest request, Answered answered) {
    ObjectNode json =
        Json.object().put("model_name", model.name()).put("model_version", model.version());
    request.id().ifPresent(id -> json.put("id", id));
    ArrayNode outputs = json.putArray("outputs");
    ByteArrayOutputStream binary = new ByteArrayOutputStream();
    for (Requested requested : request.outputs()) {
      ObjectNode tensor = outputs.addObject().put("name", requested.output().text());
      answered.shape(requested.output()).forEach(tensor.putArray("shape")::add);
      tensor.put("datatype", requested.output().datatype());
      if (requested.isBinary()) {
        int before = binary.size();
        answered.write(requested.output(), new BinarySink(binary));
        tensor.putObject("parameters").put(InferBody.BINARY_DATA_SIZE, binary.size() - before);
      } else {
        answered.write(requested.output(), new JsonSink(tensor.putArray("data")));
      }
    }
    return request.outputs().stream().anyMatch(Requested::isBinary)
        ? withBinary(Json.bytes(json), binary.toByteArray())
        : Json.response(HttpStatus.OK, json);
  }

  private static HttpResponse withBinary(byte[] json, byte[] binary) {
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.OCTET_STREAM)
            .addInt(InferBody.HEADER, json.length)
            .build(),
        HttpData.wrap(json),
        HttpData.wrap(binary));
  }
}
