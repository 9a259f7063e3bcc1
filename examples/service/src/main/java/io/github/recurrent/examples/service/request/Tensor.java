package io.github.recurrent.examples.service.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor of a request.
 *
 * @param place where it stands in the request
 * @param data its elements in row-major order
 */
record Tensor(String place, String name, String datatype, List<Long> shape, List<JsonNode> data) {
  private static final int MOST_DIMENSIONS = 8;
  private static final ImmutableSet<String> FIELDS =
      ImmutableSet.of("name", "shape", "datatype", "parameters", "data");
  private static final ImmutableSet<String> PARAMETERS = ImmutableSet.of("binary_data");

  /** Reads a tensor whose data are flat or nested as its shape is. */
  static Tensor of(String place, JsonNode node) {
    Fields fields = Fields.of(place, node, FIELDS);
    requireNoBinaryData(fields);
    List<Long> shape = shape(fields);
    List<JsonNode> data = new ArrayList<>();
    fields.required("data");
    List<JsonNode> elements = fields.elements("data");
    if (elements.stream().anyMatch(JsonNode::isArray)) {
      flatten(fields.place("data"), fields.required("data"), shape, 0, data);
    } else {
      data.addAll(elements);
    }
    Tensor tensor =
        new Tensor(
            place, fields.requiredString("name"), fields.requiredString("datatype"), shape, data);
    tensor.requireElements();
    return tensor;
  }

  /** Refuses the extension of binary tensors, which some clients ask for unless told otherwise. */
  static void requireNoBinaryData(Fields fields) {
    fields
        .value("parameters")
        .map(value -> Parameters.of(fields.place("parameters"), value))
        .ifPresent(
            parameters -> {
              parameters.requireOnly(PARAMETERS, "a tensor");
              if (parameters.flag("binary_data")) {
                throw Fault.bad(
                    parameters.place()
                        + ".binary_data must be false: this server takes and gives JSON only");
              }
            });
  }

  private static List<Long> shape(Fields fields) {
    fields.required("shape");
    List<Long> shape = new ArrayList<>();
    for (JsonNode size : fields.elements("shape")) {
      if (!size.isIntegralNumber() || !size.canConvertToInt() || size.intValue() < 0) {
        throw Fault.bad(
            fields.place("shape")
                + " must hold integers from 0, but has "
                + Json.kind(size)
                + " "
                + Shown.text(size.asText()));
      }
      shape.add(size.longValue());
    }
    if (shape.isEmpty() || shape.size() > MOST_DIMENSIONS) {
      throw Fault.bad(
          fields.place("shape")
              + " must have 1 to "
              + MOST_DIMENSIONS
              + " sizes, but has "
              + shape.size());
    }
    return shape;
  }

  private static void flatten(
      String place, JsonNode node, List<Long> shape, int dimension, List<JsonNode> data) {
    if (dimension == shape.size()) {
      data.add(node);
      return;
    }
    if (!node.isArray() || node.size() != shape.get(dimension)) {
      throw Fault.bad(
          place
              + " must be flat, or nested as the shape "
              + shape
              + " is, but has "
              + (node.isArray() ? "an array of " + node.size() : Json.kind(node))
              + " where an array of "
              + shape.get(dimension)
              + " must stand");
    }
    node.forEach(element -> flatten(place, element, shape, dimension + 1, data));
  }

  private void requireElements() {
    double wanted = shape.stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
    if (wanted != data.size()) {
      throw Fault.bad(place + ".data has " + data.size() + " elements, but the shape is " + shape);
    }
  }

  /** Refuses another type or another number of dimensions than an input has. */
  void require(String type, int dimensions) {
    if (!datatype.equals(type)) {
      throw Fault.bad(
          place + ".datatype of " + name + " must be " + type + ", but is " + Shown.text(datatype));
    }
    if (shape.size() != dimensions) {
      throw Fault.bad(
          place + ".shape of " + name + " must have " + dimensions + " sizes, but is " + shape);
    }
  }

  String string(int index) {
    JsonNode element = data.get(index);
    if (!element.isTextual()) {
      throw Fault.bad(place(index) + " must be a string, but is " + Json.kind(element));
    }
    return element.textValue();
  }

  long integer(int index) {
    JsonNode element = data.get(index);
    if (!element.isIntegralNumber() || !element.canConvertToLong()) {
      throw Fault.bad(
          place(index) + " must be an integer of 64 bits, but is " + Json.kind(element));
    }
    return element.longValue();
  }

  /** Returns where an element stands, in row-major order. */
  String place(int index) {
    return place + ".data[" + index + "]";
  }
}
