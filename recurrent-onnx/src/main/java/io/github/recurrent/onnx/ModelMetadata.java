package io.github.recurrent.onnx;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.json.ModelJson;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an exported file says about itself in its metadata properties: all that is needed to use it,
 * and where it came from.
 *
 * @param dataHash the SHA-256 of the file of weights
 */
record ModelMetadata(
    RecurrentDepthTransformer model,
    Vocabulary vocabulary,
    ImmutableMap<String, String> provenance,
    String libraryVersion,
    String dataHash) {
  private static final String FORMAT_VERSION = "2";

  private static final String PREFIX = "recurrent.";
  private static final String FORMAT_VERSION_KEY = PREFIX + "format_version";
  private static final String LIBRARY_VERSION_KEY = PREFIX + "library_version";
  private static final String MODEL_KEY = PREFIX + "model";
  private static final String VOCABULARY_KEY = PREFIX + "vocabulary";
  private static final String DATA_HASH_KEY = PREFIX + "data_sha256";
  private static final String PROVENANCE_PREFIX = PREFIX + "provenance.";

  private static final JsonMapper JSON = new JsonMapper();

  /** Returns whether a property is one of this library. */
  static boolean isOwn(String key) {
    return key.startsWith(PREFIX);
  }

  ImmutableMap<String, String> toProperties() {
    ImmutableMap.Builder<String, String> properties = ImmutableMap.builder();
    properties.put(FORMAT_VERSION_KEY, FORMAT_VERSION);
    properties.put(LIBRARY_VERSION_KEY, libraryVersion);
    properties.put(MODEL_KEY, ModelJson.write(model));
    properties.put(VOCABULARY_KEY, JSON.valueToTree(vocabulary.tokens()).toString());
    properties.put(DATA_HASH_KEY, dataHash);
    provenance.forEach((name, value) -> properties.put(PROVENANCE_PREFIX + name, value));
    return properties.buildOrThrow();
  }

  /**
   * @param file whose properties these are, for messages
   */
  static ModelMetadata parse(Path file, Map<String, String> properties) throws IOException {
    String version = property(file, properties, FORMAT_VERSION_KEY);
    if (!version.equals(FORMAT_VERSION)) {
      throw new FileFormatException(
          file,
          FORMAT_VERSION_KEY
              + " is "
              + version
              + " (written by version "
              + properties.get(LIBRARY_VERSION_KEY)
              + " of the library), but only "
              + FORMAT_VERSION
              + " is known");
    }
    RecurrentDepthTransformer model;
    try {
      model = ModelJson.parse(file, property(file, properties, MODEL_KEY));
    } catch (FileFormatException e) {
      throw new FileFormatException(file, "its property " + MODEL_KEY + " is damaged", e);
    }
    ImmutableMap.Builder<String, String> provenance = ImmutableMap.builder();
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(PROVENANCE_PREFIX)) {
            provenance.put(key.substring(PROVENANCE_PREFIX.length()), value);
          }
        });
    return new ModelMetadata(
        model,
        vocabulary(file, properties, model),
        provenance.buildOrThrow(),
        property(file, properties, LIBRARY_VERSION_KEY),
        property(file, properties, DATA_HASH_KEY));
  }

  private static Vocabulary vocabulary(
      Path file, Map<String, String> properties, RecurrentDepthTransformer model)
      throws IOException {
    Vocabulary vocabulary;
    try {
      vocabulary =
          Vocabulary.ofTokens(
              tokens(property(file, properties, VOCABULARY_KEY), model.vocabularySize()));
    } catch (JsonProcessingException e) {
      throw new FileFormatException(
          file, "its property " + VOCABULARY_KEY + " is not a JSON array of tokens", e);
    } catch (IllegalArgumentException e) {
      throw new FileFormatException(
          file, "its property " + VOCABULARY_KEY + ": " + e.getMessage(), e);
    }
    if (vocabulary.size() != model.vocabularySize()) {
      throw new FileFormatException(
          file,
          "its property "
              + VOCABULARY_KEY
              + " has "
              + vocabulary.size()
              + " tokens, but the model is for "
              + model.vocabularySize());
    }
    return vocabulary;
  }

  /**
   * Returns the strings of an array, and no more than one too many.
   *
   * @throws JsonProcessingException if it is not an array of strings
   */
  private static List<String> tokens(String json, int most) throws IOException {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new JsonParseException(parser, "it must be an array of tokens, but is not");
      }
      while (tokens.size() <= most && parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
          throw new JsonParseException(
              parser, "the token at index " + tokens.size() + " must be a string");
        }
        tokens.add(parser.getText());
      }
      if (tokens.size() <= most && parser.nextToken() != null) {
        throw new JsonParseException(parser, "there is text behind the array");
      }
    }
    return tokens;
  }

  private static String property(Path file, Map<String, String> properties, String key)
      throws FileFormatException {
    String value = properties.get(key);
    if (value == null) {
      throw new FileFormatException(
          file,
          "its metadata lacks "
              + key
              + ", which every model that this library exported has; it has "
              + properties.keySet());
    }
    return value;
  }
}
