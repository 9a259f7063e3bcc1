package io.github.recurrent.dataset;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes the JSON arrays of a published folder: the tokens, and the records. */
final class RecordFile {
  private static final JsonFactory JSON = new JsonFactory();

  private static final String INPUT = "input_text";
  private static final String TARGET = "target_text";
  private static final String TYPE = "type";

  private RecordFile() {}

  /** Takes the records of a file, one by one. */
  @FunctionalInterface
  interface Reader {
    /**
     * Takes a record.
     *
     * @param type the record's type, if it has one
     * @param queryIds the head and the relations
     * @throws IllegalArgumentException if the record has no place in the dataset
     */
    void record(@Nullable String type, int[] queryIds, int answerId);
  }

  static Vocabulary readVocabulary(Path file) throws IOException {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(file.toFile())) {
      require(file, parser.nextToken() == JsonToken.START_ARRAY, "must be a JSON array of tokens");
      while (parser.nextToken() == JsonToken.VALUE_STRING) {
        tokens.add(parser.getText());
      }
      require(
          file,
          parser.currentToken() == JsonToken.END_ARRAY,
          "token " + tokens.size() + " must be a text");
      return Vocabulary.ofTokens(tokens);
    } catch (JsonProcessingException e) {
      throw new DatasetFormatException(file, "is no JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new DatasetFormatException(file, String.valueOf(e.getMessage()), e);
    }
  }

  static void writeVocabulary(Path file, Vocabulary vocabulary) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.writeStartArray();
      // The published form leaves out the padding token.
      for (String token : vocabulary.tokens().subList(1, vocabulary.size())) {
        json.writeString(token);
      }
      json.writeEndArray();
    }
  }

  static void read(Path file, Vocabulary vocabulary, Reader reader) throws IOException {
    long record = 0;
    try (JsonParser parser = JSON.createParser(file.toFile())) {
      require(file, parser.nextToken() == JsonToken.START_ARRAY, "must be a JSON array of records");
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        record++;
        read(parser, vocabulary, reader);
      }
      require(file, parser.nextToken() == null, "has text after its array of records");
    } catch (JsonProcessingException e) {
      throw new DatasetFormatException(
          file,
          "is no JSON at line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr())
              + ", after record "
              + record
              + ": "
              + e.getOriginalMessage(),
          e);
    } catch (IllegalArgumentException e) {
      throw new DatasetFormatException(file, record, String.valueOf(e.getMessage()), e);
    }
  }

  private static void read(JsonParser parser, Vocabulary vocabulary, Reader reader)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("must be a JSON object, but is " + parser.getText());
    }
    Map<String, String> fields = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value != JsonToken.VALUE_STRING) {
        throw new IllegalArgumentException(
            "field \"" + field + "\" must be a text, but is " + parser.getText());
      }
      fields.put(field, parser.getText());
    }
    String input = field(fields, INPUT);
    String target = field(fields, TARGET);
    int[] queryIds = vocabulary.encode(Query.parse(input));
    List<String> answer =
        target.startsWith(input) ? TokenText.split(target.substring(input.length())) : List.of();
    if (answer.size() != 2 || !answer.get(1).equals(Vocabulary.END_OF_ANSWER)) {
      throw new IllegalArgumentException(
          TARGET
              + " must be "
              + INPUT
              + ", the answer and "
              + Vocabulary.END_OF_ANSWER
              + ", but is \""
              + target
              + "\" for \""
              + input
              + "\"");
    }
    int answerId = vocabulary.id(answer.get(0));
    if (!vocabulary.isEntity(answerId)) {
      throw new IllegalArgumentException(
          "the answer must be an entity, but is " + answer.get(0) + " in \"" + target + "\"");
    }
    reader.record(fields.get(TYPE), queryIds, answerId);
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("lacks the field \"" + name + "\"");
    }
    return value;
  }

  private static void require(Path file, boolean holds, String problem) throws IOException {
    if (!holds) {
      throw new DatasetFormatException(file, problem, null);
    }
  }

  /** Writes facts to a file that is closed by whoever opened it. */
  static final class Writer implements AutoCloseable {
    private final JsonGenerator json;

    Writer(Path file) throws IOException {
      json = JSON.createGenerator(file.toFile(), JsonEncoding.UTF8);
      json.writeStartArray();
    }

    /**
     * @param type the type of the records, if they have one
     */
    void write(@Nullable String type, Facts facts) throws IOException {
      for (int fact = 0; fact < facts.size(); fact++) {
        String input = facts.query(fact).toString();
        json.writeStartObject();
        json.writeStringField(INPUT, input);
        json.writeStringField(TARGET, input + facts.answer(fact) + Vocabulary.END_OF_ANSWER);
        if (type != null) {
          json.writeStringField(TYPE, type);
        }
        json.writeEndObject();
      }
    }

    @Override
    public void close() throws IOException {
      json.close();
    }
  }
}
