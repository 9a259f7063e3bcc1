package io.github.recurrent.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.text.MalformedTextException;
import io.github.recurrent.internal.text.Utf8File;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads a JSON array element by element, so that a file takes no more memory than what is wanted of
 * it.
 */
final class JsonFile {
  /** Far more than a token or the text of a record has. */
  private static final int LONGEST_STRING = 1 << 20;

  /** Remembers no names of fields, of which a file may have any number. */
  static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(LONGEST_STRING).build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private JsonFile() {}

  /** Takes an element of the array. */
  @FunctionalInterface
  interface Element {
    /**
     * Reads from the first token of the element, which is current, to its last.
     *
     * @param index the element's index, from 0
     * @throws IllegalArgumentException if the element is bad
     */
    void read(JsonParser parser, long index) throws IOException;
  }

  /** How messages name an element. */
  @FunctionalInterface
  interface Name {
    String of(long index);
  }

  /**
   * @param elements what the elements are, for messages
   * @param name how to name an element in messages
   * @throws FileFormatException if the file is not one JSON array in UTF-8, or an element is bad
   */
  static void read(Utf8File text, Path file, String elements, Name name, Element element)
      throws IOException {
    long index = -1;
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new FileFormatException(file, "must be a JSON array of " + elements);
      }
      index++;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        element.read(parser, index);
        index++;
      }
      index = -1;
      if (parser.nextToken() != null) {
        throw new FileFormatException(file, "has text behind its array of " + elements);
      }
    } catch (JsonProcessingException e) {
      throw new FileFormatException(
          file,
          "is not valid JSON at line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr())
              + (index < 0 ? "" : ", in " + name.of(index))
              + ": "
              + e.getOriginalMessage(),
          e);
    } catch (MalformedTextException e) {
      throw FileFormatException.at(
          file, "line " + e.line() + (index < 0 ? "" : ", in " + name.of(index)), e.problem(), e);
    } catch (IllegalArgumentException e) {
      throw FileFormatException.at(file, name.of(index), String.valueOf(e.getMessage()), e);
    }
  }
}
