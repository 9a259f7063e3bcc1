package io.github.recurrent.examples.service.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import io.github.recurrent.examples.service.request.InferMessage.NamedOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the body of a request to infer: JSON, and behind it the binary data of inputs, if a header
 * tells where the JSON ends (the protocol's extension {@code binary_tensor_data}).
 */
public final class InferBody {
  /** The header that has the number of bytes of the JSON. */
  public static final String HEADER = "Inference-Header-Content-Length";

  /** The parameter that says whether all outputs are. */
  public static final String BINARY_DATA_OUTPUT = "binary_data_output";

  /** The parameter that has the number of bytes of a tensor. */
  public static final String BINARY_DATA_SIZE = "binary_data_size";

  /** The parameter that says whether an output is given as plain bytes. */
  public static final String BINARY_DATA = "binary_data";

  private static final String MODEL_NAME = "model_name";
  private static final ImmutableSet<String> FIELDS =
      ImmutableSet.of("id", MODEL_NAME, "parameters", "inputs", "outputs");
  private static final ImmutableSet<String> INPUT_FIELDS =
      ImmutableSet.of("name", "shape", "datatype", "parameters", "data");
  private static final ImmutableSet<String> OUTPUT_FIELDS = ImmutableSet.of("name", "parameters");

  private final boolean hasHeader;

  /** What is left of the bytes behind the JSON. */
  private final ByteBuffer binary;

  private InferBody(boolean hasHeader, ByteBuffer binary) {
    this.hasHeader = hasHeader;
    this.binary = binary;
  }

  /**
   * Reads a body.
   *
   * @param headers the values of {@link #HEADER}
   * @param model the name of the model in the path; some clients repeat it in the body
   */
  public static InferMessage read(List<String> headers, byte[] body, String model) {
    int length = headers.isEmpty() ? body.length : jsonLength(headers, body.length);
    JsonNode json = Json.read(ByteBuffer.wrap(body, 0, length));
    return new InferBody(!headers.isEmpty(), ByteBuffer.wrap(body, length, body.length - length))
        .message(Fields.of("", json, FIELDS), model);
  }

  private static int jsonLength(List<String> headers, int most) {
    String value = headers.get(0);
    if (headers.size() > 1 || !value.matches("[0-9]{1,10}")) {
      throw Fault.bad(
          "the header "
              + HEADER
              + " must be one number of bytes, but is "
              + Shown.text(String.join(", ", headers)));
    }
    long length = Long.parseLong(value);
    if (length > most) {
      throw Fault.bad(
          "the header " + HEADER + " is " + length + ", but the body has only " + most + " bytes");
    }
    return (int) length;
  }

  private InferMessage message(Fields fields, String model) {
    fields
        .string(MODEL_NAME)
        .filter(name -> !name.equals(model))
        .ifPresent(
            name -> {
              throw Fault.bad(
                  MODEL_NAME
                      + " must be left out, or be that of the path, "
                      + Shown.text(model)
                      + ", but is "
                      + Shown.text(name));
            });
    Optional<String> id = fields.string("id");
    Parameters parameters = parameters(fields);
    List<Tensor> inputs = inputs(fields.requiredArray("inputs"));
    if (binary.hasRemaining()) {
      throw Fault.bad(
          binary.remaining()
              + " bytes stand behind the JSON and the binary data of the inputs, which no "
              + BINARY_DATA_SIZE
              + " accounts for");
    }
    boolean isBinary = parameters.flag(BINARY_DATA_OUTPUT);
    return new InferMessage(
        id,
        parameters.without(BINARY_DATA_OUTPUT),
        inputs,
        outputs(fields.elements("outputs"), isBinary),
        isBinary);
  }

  private static Parameters parameters(Fields fields) {
    return fields
        .value("parameters")
        .map(value -> Parameters.of(fields.place("parameters"), value))
        .orElseGet(() -> Parameters.none(fields.place("parameters")));
  }

  private List<Tensor> inputs(JsonNode nodes) {
    List<Tensor> inputs = new ArrayList<>();
    for (JsonNode node : nodes) {
      Fields fields = Fields.of("inputs[" + inputs.size() + "]", node, INPUT_FIELDS);
      List<Long> shape = shape(fields);
      inputs.add(
          new Tensor(
              fields.place(),
              fields.requiredString("name"),
              fields.requiredString("datatype"),
              shape,
              data(fields, shape)));
    }
    return inputs;
  }

  private TensorData data(Fields fields, List<Long> shape) {
    Parameters parameters = parameters(fields);
    parameters.requireOnly(ImmutableSet.of(BINARY_DATA_SIZE), "an input");
    if (parameters.has(BINARY_DATA_SIZE)) {
      if (fields.value("data").isPresent()) {
        throw Fault.bad(
            fields.place("data") + " stands beside " + BINARY_DATA_SIZE + ", but only one may");
      }
      return binary(fields.place(), parameters);
    }
    return new JsonData(fields.place("data"), fields.requiredArray("data"), shape);
  }

  /** Takes the next bytes behind the JSON. */
  private BinaryData binary(String input, Parameters parameters) {
    String place = parameters.place() + "." + BINARY_DATA_SIZE;
    long size = parameters.count(BINARY_DATA_SIZE);
    if (!hasHeader) {
      throw Fault.bad(place + " needs the header " + HEADER + ", which is missing");
    }
    if (size > binary.remaining()) {
      throw Fault.bad(
          place + " is " + size + ", but only " + binary.remaining() + " bytes are left");
    }
    ByteBuffer data = binary.slice(binary.position(), (int) size);
    binary.position(binary.position() + (int) size);
    return new BinaryData("the binary data of " + input, data);
  }

  private static List<Long> shape(Fields fields) {
    List<Long> shape = new ArrayList<>();
    for (JsonNode size : fields.requiredArray("shape")) {
      if (!size.isIntegralNumber() || !size.canConvertToLong()) {
        throw Fault.bad(
            fields.place("shape")
                + " must hold integers from 0 to "
                + Integer.MAX_VALUE
                + ", but has "
                + Json.kind(size)
                + " "
                + Shown.text(size.asText()));
      }
      shape.add(size.longValue());
    }
    return shape;
  }

  private static List<NamedOutput> outputs(List<JsonNode> nodes, boolean isBinary) {
    List<NamedOutput> outputs = new ArrayList<>();
    for (JsonNode node : nodes) {
      Fields fields = Fields.of("outputs[" + outputs.size() + "]", node, OUTPUT_FIELDS);
      Parameters parameters = parameters(fields);
      parameters.requireOnly(ImmutableSet.of(BINARY_DATA), "an output");
      outputs.add(
          new NamedOutput(
              fields.place(),
              fields.requiredString("name"),
              parameters.has(BINARY_DATA) ? parameters.flag(BINARY_DATA) : isBinary));
    }
    return outputs;
  }
}
