package io.github.recurrent.examples.service.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import com.google.common.collect.Sets;
import java.util.Set;

/**
 * The parameters of a request: booleans, integers ({@link Long}), numbers ({@link Double}) and
 * strings by name.
 *
 * @param place where they stand in the request
 */
public record Parameters(String place, ImmutableMap<String, Object> values) {
  /** Returns no parameters. */
  public static Parameters none(String place) {
    return new Parameters(place, ImmutableMap.of());
  }

  /** Reads the fields of an object. */
  public static Parameters of(String place, JsonNode node) {
    if (!node.isObject()) {
      throw Fault.bad(place + " must be an object, but is " + Json.kind(node));
    }
    ImmutableMap.Builder<String, Object> values = ImmutableMap.builder();
    node.properties()
        .forEach(
            field -> values.put(field.getKey(), value(place, field.getKey(), field.getValue())));
    return new Parameters(place, values.buildOrThrow());
  }

  private static Object value(String place, String name, JsonNode node) {
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    if (node.isNumber() && Double.isFinite(node.doubleValue())) {
      return node.doubleValue();
    }
    throw wrongType(place, name, Json.kind(node));
  }

  /** Returns what is wrong with a parameter that is of no type that there is. */
  public static Fault wrongType(String place, String name, String kind) {
    return Fault.bad(
        place
            + " has "
            + Shown.text(name)
            + ", which must be a boolean, a finite number or a string, but is "
            + kind);
  }

  /** Returns these parameters less some. */
  public Parameters without(String... names) {
    ImmutableSet<String> left = ImmutableSet.copyOf(names);
    return new Parameters(
        place, ImmutableMap.copyOf(Maps.filterKeys(values, name -> !left.contains(name))));
  }

  /** Returns these parameters and one that is not among them. */
  Parameters with(String name, Object value) {
    return new Parameters(
        place,
        ImmutableMap.<String, Object>builder().putAll(values).put(name, value).buildOrThrow());
  }

  /** Refuses parameters that mean nothing here. */
  public void requireOnly(Set<String> known, String subject) {
    Set<String> unknown = Sets.difference(values.keySet(), known);
    if (!unknown.isEmpty()) {
      throw Fault.bad(
          place
              + " has "
              + Shown.text(unknown.iterator().next())
              + ", which "
              + subject
              + " does not take; it takes "
              + (known.isEmpty() ? "none" : String.join(", ", known)));
    }
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public boolean flag(String name) {
    Object value = values.getOrDefault(name, false);
    if (!(value instanceof Boolean flag)) {
      throw wrong(name, "must be true or false", value);
    }
    return flag;
  }

  String oneOf(String name, ImmutableSet<String> allowed, String otherwise) {
    Object value = values.getOrDefault(name, otherwise);
    if (!(value instanceof String text) || !allowed.contains(text)) {
      throw wrong(name, "must be one of " + String.join(", ", allowed), value);
    }
    return text;
  }

  /** Returns an integer in a range that ends at a limit of the service. */
  int integer(String name, int least, int most, int otherwise) {
    Object value = values.getOrDefault(name, (long) otherwise);
    if (!(value instanceof Long number) || number < least || number > most) {
      throw wrong(
          name, "must be an integer from " + least + " to " + most + ", the limit here", value);
    }
    return number.intValue();
  }

  boolean isString(String name) {
    return values.get(name) instanceof String;
  }

  /** Returns an integer that is not negative, by default 0. */
  public long count(String name) {
    Object value = values.getOrDefault(name, 0L);
    if (!(value instanceof Long count) || count < 0) {
      throw wrong(name, "must be an integer from 0", value);
    }
    return count;
  }

  double positive(String name, double otherwise) {
    Object value = values.getOrDefault(name, otherwise);
    if (!(value instanceof Number number) || !(number.doubleValue() > 0)) {
      throw wrong(name, "must be a number above 0", value);
    }
    return number.doubleValue();
  }

  private Fault wrong(String name, String right, Object value) {
    String shown = value instanceof String text ? Shown.text(text) : value.toString();
    return Fault.bad(place + "." + name + " " + right + ", but is " + shown);
  }
}
