package io.github.recurrent.examples.service.grpc;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.recurrent.examples.service.protocol.InferParameter;
import io.github.recurrent.examples.service.protocol.ModelInferRequest;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferInputTensor;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferRequestedOutputTensor;
import io.github.recurrent.examples.service.request.BinaryData;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.InferBody;
import io.github.recurrent.examples.service.request.InferMessage;
import io.github.recurrent.examples.service.request.InferMessage.NamedOutput;
import io.github.recurrent.examples.service.request.Parameters;
import io.github.recurrent.examples.service.request.Tensor;
import io.github.recurrent.examples.service.request.TensorData;
import java.util.Map;
import java.util.Optional;

/**
 * Reads requests of gRPC into what those of REST are read into, so that one set of checks holds.
 */
final class GrpcRequest {
  private GrpcRequest() {}

  static InferMessage message(ModelInferRequest request) {
    Parameters parameters = parameters("parameters", request.getParametersMap());
    // Tensors that come as plain bytes go back as such.
    boolean isRaw = request.getRawInputContentsCount() > 0;
    if (isRaw && request.getRawInputContentsCount() != request.getInputsCount()) {
      throw Fault.bad(
          "raw_input_contents has "
              + request.getRawInputContentsCount()
              + " tensors, but inputs has "
              + request.getInputsCount());
    }
    ImmutableList.Builder<Tensor> inputs = ImmutableList.builder();
    for (int index = 0; index < request.getInputsCount(); index++) {
      inputs.add(tensor(request, index, isRaw));
    }
    ImmutableList.Builder<NamedOutput> outputs = ImmutableList.builder();
    for (int index = 0; index < request.getOutputsCount(); index++) {
      InferRequestedOutputTensor output = request.getOutputs(index);
      String place = "outputs[" + index + "]";
      Parameters ofOutput = parameters(place + ".parameters", output.getParametersMap());
      ofOutput.requireOnly(ImmutableSet.of(InferBody.BINARY_DATA), "an output over gRPC");
      requireForm(ofOutput, InferBody.BINARY_DATA, isRaw);
      outputs.add(new NamedOutput(place, output.getName(), isRaw));
    }
    requireForm(parameters, InferBody.BINARY_DATA_OUTPUT, isRaw);
    return new InferMessage(
        Optional.of(request.getId()).filter(id -> !id.isEmpty()),
        parameters.without(InferBody.BINARY_DATA_OUTPUT),
        inputs.build(),
        outputs.build(),
        isRaw);
  }

  private static Tensor tensor(ModelInferRequest request, int index, boolean isRaw) {
    InferInputTensor input = request.getInputs(index);
    String place = "inputs[" + index + "]";
    if (isRaw && input.hasContents()) {
      throw Fault.bad(place + " has contents beside raw_input_contents");
    }
    Parameters parameters = parameters(place + ".parameters", input.getParametersMap());
    parameters.requireOnly(
        isRaw ? ImmutableSet.of(InferBody.BINARY_DATA_SIZE) : ImmutableSet.of(),
        "an input over gRPC" + (isRaw ? "" : " with contents"));
    if (parameters.has(InferBody.BINARY_DATA_SIZE)
        && parameters.count(InferBody.BINARY_DATA_SIZE)
            != request.getRawInputContents(index).size()) {
      throw Fault.bad(
          parameters.place()
              + "."
              + InferBody.BINARY_DATA_SIZE
              + " is "
              + parameters.count(InferBody.BINARY_DATA_SIZE)
              + ", but raw_input_contents["
              + index
              + "] has "
              + request.getRawInputContents(index).size()
              + " bytes");
    }
    TensorData data =
        isRaw
            ? new BinaryData(
                "raw_input_contents[" + index + "]",
                request.getRawInputContents(index).asReadOnlyByteBuffer())
            : new TypedData(place + ".contents", input.getContents());
    return new Tensor(place, input.getName(), input.getDatatype(), input.getShapeList(), data);
  }

  /** Clients for REST too say how outputs are to come, which over gRPC the inputs decide. */
  private static void requireForm(Parameters parameters, String name, boolean isRaw) {
    if (parameters.has(name) && parameters.flag(name) != isRaw) {
      throw Fault.bad(
          parameters.place()
              + "."
              + name
              + " must be "
              + isRaw
              + " or left out: over gRPC outputs are raw if the inputs are");
    }
  }

  private static Parameters parameters(String place, Map<String, InferParameter> parameters) {
    return new Parameters(
        place,
        parameters.entrySet().stream()
            .collect(
                ImmutableMap.toImmutableMap(
                    Map.Entry::getKey, entry -> value(place, entry.getKey(), entry.getValue()))));
  }

  private static Object value(String place, String name, InferParameter parameter) {
    return switch (parameter.getParameterChoiceCase()) {
      case BOOL_PARAM -> parameter.getBoolParam();
      case INT64_PARAM -> parameter.getInt64Param();
      case STRING_PARAM -> parameter.getStringParam();
      case DOUBLE_PARAM -> {
        if (!Double.isFinite(parameter.getDoubleParam())) {
          throw Parameters.wrongType(place, name, Double.toString(parameter.getDoubleParam()));
        }
        yield parameter.getDoubleParam();
      }
      case UINT64_PARAM -> {
        if (parameter.getUint64Param() < 0) {
          throw Parameters.wrongType(place, name, "an integer of more than 63 bits");
        }
        yield parameter.getUint64Param();
      }
      case PARAMETERCHOICE_NOT_SET -> throw Parameters.wrongType(place, name, "not set");
    };
  }
}
