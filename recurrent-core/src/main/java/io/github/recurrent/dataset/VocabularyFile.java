package io.github.recurrent.dataset;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.text.TokenText;
import io.github.recurrent.internal.text.Utf8File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Reads and writes the JSON array of a vocabulary's tokens. */
final class VocabularyFile {
  private VocabularyFile() {}

  static Vocabulary read(Utf8File text, Path file) throws IOException {
    TokenList tokens = new TokenList();
    JsonFile.read(
        text,
        file,
        "tokens",
        index -> "the token at index " + index,
        (parser, index) -> {
          if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new IllegalArgumentException(
                "must be a string, but is " + TokenText.shown(parser.getText()));
          }
          try {
            tokens.add(parser.getText());
          } catch (IllegalArgumentException e) {
            throw new FileFormatException(file, String.valueOf(e.getMessage()), e);
          }
        });
    try {
      return Vocabulary.of(tokens);
    } catch (IllegalArgumentException e) {
      throw new FileFormatException(file, String.valueOf(e.getMessage()), e);
    }
  }

  /** Writes the array to a stream, which is closed. */
  static void write(OutputStream out, Vocabulary vocabulary) throws IOException {
    try (JsonGenerator json = JsonFile.JSON.createGenerator(out, JsonEncoding.UTF8)) {
      json.writeStartArray();
      // The published form leaves out the padding token.
      for (String token : vocabulary.tokens().subList(1, vocabulary.size())) {
        json.writeString(token);
      }
      json.writeEndArray();
    }
  }
}
