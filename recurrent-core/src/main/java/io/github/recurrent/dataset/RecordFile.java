package io.github.recurrent.dataset;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.text.TokenText;
import io.github.recurrent.internal.text.Utf8File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes the JSON arrays of records of a published folder. */
final class RecordFile {
  private static final String INPUT = "input_text";
  private static final String TARGET = "target_text";
  private static final String TYPE = "type";
  private static final ImmutableSet<String> FIELDS = ImmutableSet.of(INPUT, TARGET, TYPE);

  private RecordFile() {}

  /** Takes the records of a file, one by one. */
  @FunctionalInterface
  interface Reader {
    /**
     * Takes a record.
     *
     * @param type the record's type, if it has one
     * @param queryIds the head and the relations, in an array that nobody else uses
     * @throws IllegalArgumentException if the record has no place in the dataset
     * @throws IOException if it cannot be kept
     */
    void record(@Nullable String type, int[] queryIds, int answerId) throws IOException;
  }

  /**
   * @throws FileFormatException if the file is bad
   */
  static void read(Path file, Vocabulary vocabulary, Reader reader) throws IOException {
    try (Utf8File text = Utf8File.open(file)) {
      JsonFile.read(
          text,
          file,
          "records",
          index -> "record " + (index + 1),
          (parser, index) -> read(parser, vocabulary, reader));
    }
  }

  private static void read(JsonParser parser, Vocabulary vocabulary, Reader reader)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException(
          "must be a JSON object, but is " + TokenText.shown(parser.getText()));
    }
    Map<String, String> fields = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (!FIELDS.contains(field)) {
        parser.skipChildren();
      } else if (value == JsonToken.VALUE_STRING) {
        if (fields.put(field, parser.getText()) != null) {
          throw new IllegalArgumentException("has the field \"" + field + "\" twice");
        }
      } else if (value != JsonToken.VALUE_NULL || !field.equals(TYPE)) {
        throw new IllegalArgumentException(
            "field \""
                + field
                + "\" must be a string, but is "
                + TokenText.shown(parser.getText()));
      }
    }
    String input = field(fields, INPUT);
    String target = field(fields, TARGET);
    int[] queryIds = vocabulary.encode(input);
    reader.record(fields.get(TYPE), queryIds, answerId(vocabulary, input, target));
  }

  private static int answerId(Vocabulary vocabulary, String input, String target) {
    String end = Vocabulary.END_OF_ANSWER;
    String answer =
        target.startsWith(input)
                && target.endsWith(end)
                && target.length() > input.length() + end.length()
            ? target.substring(input.length(), target.length() - end.length())
            : "";
    if (!TokenText.isToken(answer)) {
      throw new IllegalArgumentException(
          TARGET
              + " must be "
              + INPUT
              + ", the answer and "
              + end
              + ", but is "
              + TokenText.shown(target)
              + " for "
              + TokenText.shown(input));
    }
    int answerId = vocabulary.id(answer);
    if (!vocabulary.isEntity(answerId)) {
      throw new IllegalArgumentException(
          "the answer must be an entity, but is " + answer + " in " + TokenText.shown(target));
    }
    return answerId;
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("lacks the field \"" + name + "\"");
    }
    return value;
  }

  /** Writes facts to a file that is closed by whoever opened it. */
  static final class Writer implements AutoCloseable {
    private final JsonGenerator json;

    Writer(Path file) throws IOException {
      this(Files.newOutputStream(file));
    }

    /**
     * @param out which is closed with this
     */
    Writer(OutputStream out) throws IOException {
      json = JsonFile.JSON.createGenerator(out, JsonEncoding.UTF8);
      json.writeStartArray();
    }

    /**
     * Writes a record for each right answer to the query of each fact, the fact's own first.
     *
     * @param type the type of the records, if they have one
     */
    void write(@Nullable String type, Facts facts) throws IOException {
      for (int fact = 0; fact < facts.size(); fact++) {
        String input = facts.query(fact).toString();
        int own = facts.answerId(fact);
        write(type, input, facts.answer(fact));
        if (facts.answers(fact) > 1) {
          ImmutableIntArray answers = facts.answerIds(fact);
          for (int answer = 0; answer < answers.length(); answer++) {
            if (answers.get(answer) != own) {
              write(type, input, facts.vocabulary().token(answers.get(answer)));
            }
          }
        }
      }
    }

    private void write(@Nullable String type, String input, String answer) throws IOException {
      json.writeStartObject();
      json.writeStringField(INPUT, input);
      json.writeStringField(TARGET, input + answer + Vocabulary.END_OF_ANSWER);
      if (type != null) {
        json.writeStringField(TYPE, type);
      }
      json.writeEndObject();
    }

    @Override
    public void close() throws IOException {
      json.close();
    }
  }
}
