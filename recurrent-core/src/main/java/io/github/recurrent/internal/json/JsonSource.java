package io.github.recurrent.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.recurrent.file.FileFormatException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON of a file in UTF-8, read as a stream: what is not wanted takes no memory. Not thread-safe.
 */
public final class JsonSource implements AutoCloseable {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /** Remembers no names of fields, of which a file may have any number. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .build();

  private final Path file;
  private final String what;
  private final JsonParser parser;

  private JsonSource(Path file, String what, JsonParser parser) {
    this.file = file;
    this.what = what;
    this.parser = parser;
  }

  /** Takes the fields of an object, one by one. */
  @FunctionalInterface
  public interface Field {
    /** Reads or skips the value of a field. */
    void read(String name, JsonSource value) throws IOException;
  }

  /**
   * Opens bytes, which are not closed; a byte order mark is skipped.
   *
   * @param what of the file they are, for messages; empty for the whole of it
   */
  public static JsonSource of(Path file, String what, InputStream bytes) throws IOException {
    Reader text =
        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
    JsonSource source = new JsonSource(file, what, JSON.createParser(text));
    text.mark(1);
    if (source.checked(text::read) != BYTE_ORDER_MARK) {
      text.reset();
    }
    return source;
  }

  /** Opens a text that stands in a file. */
  public static JsonSource of(Path file, String what, String text) throws IOException {
    return new JsonSource(file, what, JSON.createParser(new StringReader(text)));
  }

  /**
   * Reads all of it as an object.
   *
   * @param values the greatest number of values that it may hold
   */
  public JsonNode object(int values) throws IOException {
    return checked(
        () -> {
          parser.nextToken();
          JsonNode node = node(new int[] {values});
          requireEnd();
          return node;
        });
  }

  /** Reads all of it as an object, field by field. */
  public void fields(Field field) throws IOException {
    checked(
        () -> {
          if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw bad("must be a JSON object, but is not");
          }
          while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            field.read(name, this);
          }
          requireEnd();
          return this;
        });
  }

  /** Reads the value of the current field, which may hold only so many. */
  public JsonNode value(int values) throws IOException {
    return node(new int[] {values});
  }

  /** Skips the value of the current field. */
  public void skip() throws IOException {
    parser.skipChildren();
  }

  /** Returns the exception for a field that is there twice. */
  public JsonParseException twice(String field) {
    return new JsonParseException(parser, "Duplicate field '" + field + "'");
  }

  /**
   * Reads all of it as an array of strings.
   *
   * @param most the greatest number of them
   */
  public List<String> strings(int most) throws IOException {
    return checked(
        () -> {
          if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw bad("must be a JSON array of strings, but is not");
          }
          List<String> strings = new ArrayList<>();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
              throw bad(
                  "must be a JSON array of strings, but the value at index "
                      + strings.size()
                      + " is not one");
            }
            if (strings.size() == most) {
              throw bad("has more than " + most + " strings, which are all it may have");
            }
            strings.add(parser.getText());
          }
          requireEnd();
          return strings;
        });
  }

  private void requireEnd() throws IOException {
    if (parser.nextToken() != null) {
      throw bad("has text behind its end");
    }
  }

  /**
   * @param left how many values may still come
   */
  private JsonNode node(int[] left) throws IOException {
    if (left[0]-- == 0) {
      throw bad("holds far more values than it can have");
    }
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw bad("is not valid JSON: it is empty");
    }
    return switch (token) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          if (object.has(name)) {
            throw twice(name);
          }
          parser.nextToken();
          object.set(name, node(left));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(node(left));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.textNode(parser.getText());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? NODES.numberNode(parser.getBigIntegerValue())
              : NODES.numberNode(parser.getLongValue());
      default -> NODES.nullNode();
    };
  }

  private FileFormatException bad(String problem) {
    return new FileFormatException(file, named(problem));
  }

  private String named(String problem) {
    return what.isEmpty() ? problem : what + " " + problem;
  }

  @FunctionalInterface
  private interface Read<T> {
    T read() throws IOException;
  }

  private <T> T checked(Read<T> read) throws IOException {
    try {
      return read.read();
    } catch (JsonProcessingException e) {
      throw new FileFormatException(file, named("is not valid JSON: " + e.getOriginalMessage()), e);
    } catch (CharacterCodingException e) {
      throw new FileFormatException(file, named("is not valid JSON: it is not in UTF-8"), e);
    }
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
