package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.function.Supplier;

/** Figures in JSON, where one that does not exist is {@code null}. */
final class ReportJson {
  private ReportJson() {}

  static void put(ObjectNode object, String field, double figure) {
    if (Double.isNaN(figure)) {
      object.putNull(field);
    } else {
      object.put(field, figure);
    }
  }

  static void put(ObjectNode object, String field, ImmutableDoubleArray figures) {
    ArrayNode array = object.putArray(field);
    figures.forEach(
        figure -> {
          if (Double.isNaN(figure)) {
            array.addNull();
          } else {
            array.add(figure);
          }
        });
  }

  static double figure(JsonNode object, String field) {
    return number(object.required(field), field);
  }

  static int integer(JsonNode object, String field) {
    JsonNode value = object.required(field);
    checkArgument(
        value.canConvertToInt(), "\"%s\" must be a whole number, but is %s", field, value);
    return value.intValue();
  }

  static String text(JsonNode object, String field) {
    JsonNode value = object.required(field);
    checkArgument(value.isTextual(), "\"%s\" must be a string, but is %s", field, value);
    return value.textValue();
  }

  private static double number(JsonNode value, String field) {
    checkArgument(
        value.isNumber() || value.isNull(), "\"%s\" must be numbers, but has %s", field, value);
    return value.isNull() ? Double.NaN : value.doubleValue();
  }

  static ImmutableDoubleArray figures(JsonNode object, String field) {
    ImmutableDoubleArray.Builder figures = ImmutableDoubleArray.builder();
    for (JsonNode value : object.required(field)) {
      figures.add(number(value, field));
    }
    return figures.build();
  }

  /** Returns as many figures as there should be. */
  static ImmutableDoubleArray figures(JsonNode object, String field, int count) {
    ImmutableDoubleArray figures = figures(object, field);
    checkArgument(
        figures.length() == count,
        "a row needs %s figures of \"%s\", but has %s",
        count,
        field,
        figures.length());
    return figures;
  }

  /**
   * Reads a report.
   *
   * @param what the kind of report, for messages
   */
  static <T> T read(String what, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IllegalArgumentException("this JSON is no " + what + ": " + e.getMessage(), e);
    }
  }
}
