package io.github.recurrent.examples.service.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The fields of a JSON object of a request, each of the type that is asked for. */
public final class Fields {
  private final String place;
  private final JsonNode node;

  private Fields(String place, JsonNode node) {
    this.place = place;
    this.node = node;
  }

  /**
   * Reads an object that may have some fields and no others.
   *
   * @param place where it stands in the body, such as {@code inputs[0]}; empty for the whole of it
   */
  public static Fields of(String place, JsonNode node, Set<String> known) {
    if (!node.isObject()) {
      throw Fault.bad(
          (place.isEmpty() ? "the body" : place) + " must be an object, but is " + Json.kind(node));
    }
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw Fault.bad(
                    (place.isEmpty() ? "the body" : place)
                        + " has an unknown field "
                        + Shown.text(name)
                        + "; it may have "
                        + String.join(", ", known));
              }
            });
    return new Fields(place, node);
  }

  /** Returns where the object stands in the body. */
  String place() {
    return place;
  }

  /** Returns where a field stands in the body. */
  String place(String field) {
    return place.isEmpty() ? field : place + "." + field;
  }

  public Optional<JsonNode> value(String field) {
    return Optional.ofNullable(node.get(field));
  }

  public JsonNode required(String field) {
    return value(field).orElseThrow(() -> Fault.bad(place(field) + " is missing"));
  }

  public Optional<String> string(String field) {
    return value(field)
        .map(
            value -> {
              if (!value.isTextual()) {
                throw wrongType(field, "a string", value);
              }
              return value.textValue();
            });
  }

  String requiredString(String field) {
    return string(field).orElseThrow(() -> Fault.bad(place(field) + " is missing"));
  }

  /** Returns the elements of an array, or none where there is no such field. */
  public List<JsonNode> elements(String field) {
    return value(field).isPresent() ? requiredArray(field).valueStream().toList() : List.of();
  }

  JsonNode requiredArray(String field) {
    JsonNode value = required(field);
    if (!value.isArray()) {
      throw wrongType(field, "an array", value);
    }
    return value;
  }

  private Fault wrongType(String field, String wanted, JsonNode value) {
    return Fault.bad(place(field) + " must be " + wanted + ", but is " + Json.kind(value));
  }
}
