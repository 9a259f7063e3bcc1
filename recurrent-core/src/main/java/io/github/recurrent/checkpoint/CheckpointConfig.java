package io.github.recurrent.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code config.json} says: everything of a checkpoint but its tokens and tensors, and the
 * SHA-256 of the files that hold those, so that files of two checkpoints are never taken for one.
 */
record CheckpointConfig(
    RecurrentDepthTransformer model,
    ImmutableMap<String, String> provenance,
    Optional<Training> training,
    ImmutableMap<String, String> hashes) {
  private static final int FORMAT_VERSION = 1;

  /** Bounds what a damaged file can make the reader do; far more than any model has. */
  private static final int MOST_LAYERS = 10_000;

  /** The counters of a {@link TrainingState}. */
  record Training(long step, long optimizerStep, int epoch, int stage, long seed) {
    static Training of(TrainingState state) {
      return new Training(
          state.step(), state.optimizerStep(), state.epoch(), state.stage(), state.seed());
    }
  }

  static CheckpointConfig of(Checkpoint checkpoint, Map<String, String> hashes) {
    return new CheckpointConfig(
        checkpoint.model(),
        checkpoint.provenance(),
        checkpoint.trainingState().map(Training::of),
        ImmutableMap.copyOf(hashes));
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format_version", FORMAT_VERSION);
    ObjectNode specification = json.putObject("model");
    specification
        .put("vocabulary_size", model.vocabularySize())
        .put("width", model.width())
        .put("layers", model.layers())
        .put("heads", model.heads())
        .put("positions", text(model.positions()))
        .put("max_positions", model.maxPositions())
        .put("read_position", model.readPosition().toString())
        .put("input_injection", model.inputInjection());
    specification
        .putObject("recurrence")
        .put("lambda", model.recurrence().lambda())
        .put("min", model.recurrence().min())
        .put("max", model.recurrence().max());
    specification
        .putObject("initialization")
        .put("embedding_deviation", model.initialization().embeddingDeviation())
        .put("linear_deviation", model.initialization().linearDeviation())
        .put("projection_scale", model.initialization().projectionScale());
    putAll(json.putObject("provenance"), provenance);
    training.ifPresent(
        counters ->
            json.putObject("training")
                .put("step", counters.step())
                .put("optimizer_step", counters.optimizerStep())
                .put("epoch", counters.epoch())
                .put("stage", counters.stage())
                .put("seed", counters.seed()));
    putAll(json.putObject("sha256"), hashes);
    return json;
  }

  private static void putAll(ObjectNode object, Map<String, String> texts) {
    texts.forEach(object::put);
  }

  static CheckpointConfig parse(Path file, JsonNode json) throws IOException {
    JsonFields fields = JsonFields.of(file, "", json);
    int version = fields.integer("format_version");
    if (version != FORMAT_VERSION) {
      throw new CheckpointFormatException(
          file, "format_version is " + version + ", but only " + FORMAT_VERSION + " is known");
    }
    CheckpointConfig config =
        new CheckpointConfig(
            model(fields),
            fields.object("provenance").texts(),
            fields.has("training")
                ? Optional.of(training(fields.object("training")))
                : Optional.empty(),
            fields.object("sha256").texts());
    fields.requireNoOthers();
    return config;
  }

  private static RecurrentDepthTransformer model(JsonFields config) throws IOException {
    JsonFields fields = config.object("model");
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
      throw config.bad("model", e);
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
                + Arrays.stream(PositionEncoding.values()).map(CheckpointConfig::text).toList()));
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
            .embeddingDeviation(fields.number("embedding_deviation"))
            .linearDeviation(fields.number("linear_deviation"))
            .projectionScale(fields.number("projection_scale"));
    fields.requireNoOthers();
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw model.bad("initialization", e);
    }
  }

  private static Training training(JsonFields fields) throws IOException {
    Training training =
        new Training(
            fields.longInteger("step"),
            fields.longInteger("optimizer_step"),
            fields.integer("epoch"),
            fields.integer("stage"),
            fields.longInteger("seed"));
    fields.requireNoOthers();
    return training;
  }
}
