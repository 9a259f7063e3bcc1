package io.github.recurrent.examples.service.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** JSON as requests and answers have it: UTF-8, no name twice, no NaN, not nested deeply. */
public final class Json {
  private static final int DEEPEST = 16;
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  // Clients choose the names of fields: none is kept beyond its request.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  /** Reads a body. */
  public static JsonNode read(byte[] body) {
    return read(ByteBuffer.wrap(body));
  }

  /** Reads what stands between a buffer's position and its limit. */
  static JsonNode read(ByteBuffer body) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(body).toString();
      JsonNode node = MAPPER.readTree(text);
      if (node == null || node.isMissingNode()) {
        throw Fault.bad("the body must be a JSON object, but is empty");
      }
      return node;
    } catch (CharacterCodingException e) {
      throw Fault.bad("the body is not in UTF-8");
    } catch (MismatchedInputException e) {
      throw Fault.bad("the body must be one JSON object, but something stands behind it");
    } catch (JsonProcessingException e) {
      String place =
          e.getLocation() == null
              ? ""
              : " (line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr()
                  + ")";
      // The parser also tells where the source is, which is always the body.
      String problem = e.getOriginalMessage().replaceAll(" ?\\(start marker at .*?\\]\\)", "");
      throw Fault.bad("the body is not valid JSON: " + problem + place);
    }
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  public static ObjectNode error(String message) {
    return object().put("error", message);
  }

  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree cannot be written", e);
    }
  }

  public static HttpResponse response(HttpStatus status, JsonNode node) {
    return HttpResponse.of(status, MediaType.JSON, bytes(node));
  }

  /** Returns what a value is, for messages. */
  public static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT, POJO -> "an object";
      case STRING, BINARY -> "a string";
      case NUMBER -> node.isIntegralNumber() ? "an integer" : "a number with a fraction";
      case BOOLEAN -> "a boolean";
      case NULL, MISSING -> "null";
    };
  }
}
