package io.github.recurrent.examples.service.grpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.github.recurrent.examples.service.protocol.InferParameter;
import io.github.recurrent.examples.service.protocol.InferTensorContents;
import io.github.recurrent.examples.service.protocol.ModelInferRequest;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferInputTensor;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferRequestedOutputTensor;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.request.Shown;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** Writes requests of gRPC as those of REST, so that one set of checks holds for both. */
final class GrpcRequest {
  private GrpcRequest() {}

  static ObjectNode body(ModelInferRequest request) {
    ObjectNode body = Json.object();
    if (!request.getId().isEmpty()) {
      body.put("id", request.getId());
    }
    body.set("parameters", parameters(request.getParametersMap()));
    boolean isRaw = isRaw(request);
    if (isRaw && request.getRawInputContentsCount() != request.getInputsCount()) {
      throw Fault.bad(
          "raw_input_contents has "
              + request.getRawInputContentsCount()
              + " tensors, but inputs has "
              + request.getInputsCount());
    }
    ArrayNode inputs = body.putArray("inputs");
    for (int index = 0; index < request.getInputsCount(); index++) {
      InferInputTensor input = request.getInputs(index);
      if (isRaw && input.hasContents()) {
        throw Fault.bad("inputs[" + index + "] has contents beside raw_input_contents");
      }
      ObjectNode tensor = inputs.addObject();
      tensor.put("name", input.getName()).put("datatype", input.getDatatype());
      ArrayNode shape = tensor.putArray("shape");
      input.getShapeList().forEach(shape::add);
      if (input.getParametersCount() > 0) {
        tensor.set("parameters", parameters(input.getParametersMap()));
      }
      ArrayNode data = tensor.putArray("data");
      if (isRaw) {
        addRaw(
            data, "raw_input_contents[" + index + "]", input, request.getRawInputContents(index));
      } else {
        add(data, "inputs[" + index + "].contents", input.getContents());
      }
    }
    ArrayNode outputs = body.putArray("outputs");
    for (InferRequestedOutputTensor output : request.getOutputsList()) {
      ObjectNode asked = outputs.addObject().put("name", output.getName());
      if (output.getParametersCount() > 0) {
        asked.set("parameters", parameters(output.getParametersMap()));
      }
    }
    return body;
  }

  /** Returns whether tensors come as plain bytes, and so go back as such. */
  static boolean isRaw(ModelInferRequest request) {
    return request.getRawInputContentsCount() > 0;
  }

  private static ObjectNode parameters(Map<String, InferParameter> parameters) {
    ObjectNode node = Json.object();
    parameters.forEach(
        (name, parameter) -> {
          switch (parameter.getParameterChoiceCase()) {
            case BOOL_PARAM -> node.put(name, parameter.getBoolParam());
            case INT64_PARAM -> node.put(name, parameter.getInt64Param());
            case STRING_PARAM -> node.put(name, parameter.getStringParam());
            case DOUBLE_PARAM -> node.put(name, parameter.getDoubleParam());
            case UINT64_PARAM ->
                node.put(name, new BigInteger(Long.toUnsignedString(parameter.getUint64Param())));
            case PARAMETERCHOICE_NOT_SET -> node.putNull(name);
          }
        });
    return node;
  }

  private static void add(ArrayNode data, String place, InferTensorContents contents) {
    contents.getInt64ContentsList().forEach(data::add);
    for (ByteString bytes : contents.getBytesContentsList()) {
      data.add(text(place, bytes));
    }
  }

  private static String text(String place, ByteString bytes) {
    if (!bytes.isValidUtf8()) {
      throw Fault.bad(place + " has a string that is not in UTF-8");
    }
    return bytes.toStringUtf8();
  }

  private static void addRaw(ArrayNode data, String place, InferInputTensor input, ByteString raw) {
    ByteBuffer bytes = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (bytes.hasRemaining()) {
        if (input.getDatatype().equals("BYTES")) {
          int length = bytes.getInt();
          int start = bytes.position();
          if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
          }
          data.add(text(place, raw.substring(start, start + length)));
          bytes.position(start + length);
        } else {
          data.add(bytes.getLong());
        }
      }
    } catch (BufferUnderflowException e) {
      throw Fault.bad(place + " ends within an element of " + Shown.text(input.getDatatype()));
    }
  }
}
