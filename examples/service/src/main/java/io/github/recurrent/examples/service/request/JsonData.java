package io.github.recurrent.examples.service.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;

/** Elements as a JSON array, flat or nested as the tensor's shape is. */
final class JsonData implements TensorData {
  private final String place;
  private final JsonNode array;
  private final List<Long> shape;

  JsonData(String place, JsonNode array, List<Long> shape) {
    this.place = place;
    this.array = array;
    this.shape = shape;
  }

  @Override
  public List<String> strings() {
    JsonNode flat = flat();
    List<String> strings = new ArrayList<>(flat.size());
    for (JsonNode element : flat) {
      if (!element.isTextual()) {
        throw wrong(strings.size(), "a string", element);
      }
      strings.add(element.textValue());
    }
    return strings;
  }

  @Override
  public long[] integers() {
    JsonNode flat = flat();
    long[] integers = new long[flat.size()];
    for (int index = 0; index < integers.length; index++) {
      JsonNode element = flat.get(index);
      if (!element.isIntegralNumber() || !element.canConvertToLong()) {
        throw wrong(index, "an integer of 64 bits", element);
      }
      integers[index] = element.longValue();
    }
    return integers;
  }

  private Fault wrong(int index, String right, JsonNode element) {
    return Fault.bad(place + "[" + index + "] must be " + right + ", but is " + Json.kind(element));
  }

  private JsonNode flat() {
    if (array.valueStream().noneMatch(JsonNode::isArray)) {
      return array;
    }
    ArrayNode flat = Json.object().arrayNode();
    flatten(array, 0, flat);
    return flat;
  }

  private void flatten(JsonNode node, int dimension, ArrayNode flat) {
    if (dimension == shape.size()) {
      flat.add(node);
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
    node.forEach(element -> flatten(element, dimension + 1, flat));
  }
}
