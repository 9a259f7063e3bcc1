package io.github.recurrent.internal.json;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** The specification of a model as JSON: {@code model} of a checkpoint's {@code config.json}. */
public final class ModelJson {
  /** Bounds what a damaged file can make the reader do; far more than any model has. */
  private static final int MOST_LAYERS = 10_000;

  /** More than any model has: an attention slope for each head. */
  private static final int MOST_VALUES = 100_000;

  /** A field of models that have them only. */
  private static final String ATTENTION_SLOPES = "attention_slopes";

  private ModelJson() {}

  /** Returns a specification as the text of a JSON object. */
  public static String write(RecurrentDepthTransformer model) {
    return of(model).toString();
  }

  /**
   * Returns the specification that {@link #write} wrote.
   *
   * @param file where the text is from, for messages
   * @throws FileFormatException if the text is not such JSON, or a field is missing, unknown or bad
   */
  public static RecurrentDepthTransformer parse(Path file, String json) throws IOException {
    try (JsonSource source = JsonSource.of(file, "model", json)) {
      return parse(JsonFields.of(file, "model", source.object(MOST_VALUES)));
    }
  }

  public static ObjectNode of(RecurrentDepthTransformer model) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("vocabulary_size", model.vocabularySize())
        .put("width", model.width())
        .put("layers", model.layers())
        .put("heads", model.heads())
        .put("positions", text(model.positions()))
        .put("max_positions", model.maxPositions())
        .put("read_position", model.readPosition().toString())
        .put("input_injection", model.inputInjection());
    if (!model.attentionSlopes().isEmpty()) {
      model.attentionSlopes().forEach(json.putArray(ATTENTION_SLOPES)::add);
    }
    json.putObject("recurrence")
        .put("lambda", model.recurrence().lambda())
        .put("min", model.recurrence().min())
        .put("max", model.recurrence().max());
    json.putObject("initialization")
        .put("embedding_deviation", model.initialization().embeddingStandardDeviation())
        .put("linear_deviation", model.initialization().linearStandardDeviation())
        .put("projection_scale", model.initialization().projectionScale());
    return json;
  }

  public static RecurrentDepthTransformer parse(JsonFields fields) throws IOException {
    RecurrentDepthTransformer.Builder builder =
        RecurrentDepthTransformer.builder()
            .vocabularySize(fields.integer("vocabulary_size"))
            .width(fields.integer("width"))
            .layers(fields.integer("layers"))
            .heads(fields.integer("heads"))
            .positions(positions(fields))
            .maxPositions(fields.integer("max_positions"))
            .readPosition(readPosition(fields))
            .inputInjection(fields.truth("input_injection"))
            .recurrence(recurrence(fields))
            .initialization(initialization(fields));
    if (fields.has(ATTENTION_SLOPES)) {
      builder.attentionSlopes(fields.numbers(ATTENTION_SLOPES));
    }
    fields.requireNoOthers();
    try {
      RecurrentDepthTransformer model = builder.build();
      if (model.layers() > MOST_LAYERS) {
        throw new IllegalArgumentException(
            "layers must be at most " + MOST_LAYERS + ", but is " + model.layers());
      }
      model.parameterShapes();
      return model;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw fields.bad(e);
    }
  }

  private static PositionEncoding positions(JsonFields fields) throws IOException {
    String found = fields.text("positions");
    for (PositionEncoding positions : PositionEncoding.values()) {
      if (text(positions).equals(found)) {
        return positions;
      }
    }
    throw fields.bad(
        "positions",
        new IllegalArgumentException(
            "\""
                + found
                + "\" is none of "
                + Arrays.stream(PositionEncoding.values()).map(ModelJson::text).toList()));
  }

  private static String text(PositionEncoding positions) {
    return positions.name().toLowerCase(Locale.ROOT);
  }

  private static ReadPosition readPosition(JsonFields fields) throws IOException {
    try {
      return ReadPosition.parse(fields.text("read_position"));
    } catch (IllegalArgumentException e) {
      throw fields.bad("read_position", e);
    }
  }

  private static Recurrence recurrence(JsonFields model) throws IOException {
    JsonFields fields = model.object("recurrence");
    double lambda = fields.number("lambda");
    int min = fields.integer("min");
    int max = fields.integer("max");
    fields.requireNoOthers();
    try {
      if (lambda != 0) {
        return Recurrence.poisson(lambda).between(min, max);
      }
      if (min != max) {
        throw new IllegalArgumentException(
            "fixed recurrence (lambda 0) needs min = max, but has " + min + " and " + max);
      }
      return Recurrence.fixed(max);
    } catch (IllegalArgumentException e) {
      throw model.bad("recurrence", e);
    }
  }

  private static Initialization initialization(JsonFields model) throws IOException {
    JsonFields fields = model.object("initialization");
    Initialization.Builder builder =
        Initialization.builder()
            .embeddingStandardDeviation(fields.number("embedding_deviation"))
            .linearStandardDeviation(fields.number("linear_deviation"))
            .projectionScale(fields.number("projection_scale"));
    fields.requireNoOthers();
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw model.bad("initialization", e);
    }
  }
}
