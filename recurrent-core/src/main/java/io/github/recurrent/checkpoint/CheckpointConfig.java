package io.github.recurrent.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint.TrainingState;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.json.JsonFields;
import io.github.recurrent.internal.json.ModelJson;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.nio.file.Path;
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

  /** The counters of a {@link TrainingState}. */
  record Training(
      long step,
      long optimizerStep,
      int epoch,
      int epochStep,
      int cooldownStep,
      int stage,
      long seed) {
    static Training of(TrainingState state) {
      return new Training(
          state.step(),
          state.optimizerStep(),
          state.epoch(),
          state.epochStep(),
          state.cooldownStep(),
          state.stage(),
          state.seed());
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
    json.set("model", ModelJson.of(model));
    putAll(json.putObject("provenance"), provenance);
    training.ifPresent(
        counters ->
            json.putObject("training")
                .put("step", counters.step())
                .put("optimizer_step", counters.optimizerStep())
                .put("epoch", counters.epoch())
                .put("epoch_step", counters.epochStep())
                .put("polish_step", counters.cooldownStep())
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
      throw new FileFormatException(
          file, "format_version is " + version + ", but only " + FORMAT_VERSION + " is known");
    }
    CheckpointConfig config =
        new CheckpointConfig(
            ModelJson.parse(fields.object("model")),
            fields.object("provenance").texts(),
            fields.has("training")
                ? Optional.of(training(fields.object("training")))
                : Optional.empty(),
            fields.object("sha256").texts());
    fields.requireNoOthers();
    return config;
  }

  private static Training training(JsonFields fields) throws IOException {
    Training training =
        new Training(
            fields.longInteger("step"),
            fields.longInteger("optimizer_step"),
            fields.integer("epoch"),
            fields.has("epoch_step") ? fields.integer("epoch_step") : 0,
            fields.has("polish_step") ? fields.integer("polish_step") : 0,
            fields.integer("stage"),
            fields.longInteger("seed"));
    fields.requireNoOthers();
    return training;
  }
}
