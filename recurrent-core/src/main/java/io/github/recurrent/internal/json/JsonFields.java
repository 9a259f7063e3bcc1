package io.github.recurrent.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Takes the fields of a JSON object one by one; each must be there, of its type, and no other. */
public final class JsonFields {
  private static final int MOST_SHOWN = 100;

  private final Path file;
  private final String name;
  private final ObjectNode object;
  private final Set<String> taken = new HashSet<>();

  private JsonFields(Path file, String name, ObjectNode object) {
    this.file = file;
    this.name = name;
    this.object = object;
  }

  /**
   * Returns the fields of an object.
   *
   * @param name what the object is, for messages
   */
  public static JsonFields of(Path file, String name, JsonNode node) throws FileFormatException {
    if (node instanceof ObjectNode object) {
      return new JsonFields(file, name, object);
    }
    throw new FileFormatException(
        file, (name.isEmpty() ? "it" : name) + " must be a JSON object, but is " + shown(node));
  }

  public boolean has(String field) {
    return object.has(field);
  }

  public JsonFields object(String field) throws IOException {
    return of(file, path(field), take(field, "an object", JsonNode::isObject));
  }

  public String text(String field) throws IOException {
    return take(field, "a string", JsonNode::isTextual).asText();
  }

  public boolean truth(String field) throws IOException {
    return take(field, "true or false", JsonNode::isBoolean).asBoolean();
  }

  public int integer(String field) throws IOException {
    return take(
            field, "a 32-bit integer", node -> node.isIntegralNumber() && node.canConvertToInt())
        .asInt();
  }

  public long longInteger(String field) throws IOException {
    return take(
            field, "a 64-bit integer", node -> node.isIntegralNumber() && node.canConvertToLong())
        .asLong();
  }

  public double number(String field) throws IOException {
    return take(field, "a number", JsonNode::isNumber).asDouble();
  }

  public List<Double> numbers(String field) throws IOException {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode element : take(field, "an array of numbers", JsonNode::isArray)) {
      if (!element.isNumber()) {
        throw new FileFormatException(
            file, path(field) + " must be an array of numbers, but holds " + shown(element));
      }
      numbers.add(element.asDouble());
    }
    return numbers;
  }

  public List<Long> integers(String field) throws IOException {
    List<Long> integers = new ArrayList<>();
    for (JsonNode element : take(field, "an array of integers", JsonNode::isArray)) {
      if (!(element.isIntegralNumber() && element.canConvertToLong())) {
        throw new FileFormatException(
            file, path(field) + " must be an array of integers, but holds " + shown(element));
      }
      integers.add(element.asLong());
    }
    return integers;
  }

  /** Takes all fields, which must be texts. */
  public ImmutableMap<String, String> texts() throws IOException {
    ImmutableMap.Builder<String, String> texts = ImmutableMap.builder();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      texts.put(field.getKey(), text(field.getKey()));
    }
    return texts.buildOrThrow();
  }

  public void requireNoOthers() throws IOException {
    Set<String> others =
        Sets.difference(
            object.properties().stream()
                .map(Map.Entry::getKey)
                .collect(ImmutableSet.toImmutableSet()),
            taken);
    if (!others.isEmpty()) {
      throw new FileFormatException(
          file,
          (name.isEmpty() ? "it" : name)
              + " has unknown fields "
              + others
              + "; known are "
              + taken);
    }
  }

  /** Returns the exception for a field whose value breaks a rule. */
  public FileFormatException bad(String field, RuntimeException cause) {
    return FileFormatException.at(file, path(field), String.valueOf(cause.getMessage()), cause);
  }

  /** Returns the exception for values that break a rule together. */
  public FileFormatException bad(RuntimeException cause) {
    return FileFormatException.at(file, name, String.valueOf(cause.getMessage()), cause);
  }

  private JsonNode take(String field, String wanted, Predicate<JsonNode> type) throws IOException {
    JsonNode node = object.get(field);
    if (node == null) {
      throw new FileFormatException(file, path(field) + " is missing; it must be " + wanted);
    }
    if (!type.test(node)) {
      throw new FileFormatException(
          file, path(field) + " must be " + wanted + ", but is " + shown(node));
    }
    taken.add(field);
    return node;
  }

  /** Returns a value as it is in the file, but no more than a line of it. */
  private static String shown(JsonNode node) {
    return Ascii.truncate(node.toString(), MOST_SHOWN, "…");
  }

  private String path(String field) {
    return name.isEmpty() ? field : name + "." + field;
  }
}
