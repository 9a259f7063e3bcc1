package io.github.recurrent.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.internal.json.ModelJson;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.immutables.value.Value;

/**
 * What made the figures of a report: which model was evaluated on which facts, how, and where the
 * model came from. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class Setup {
  static final String CONFIGURATION = "configuration";
  static final String PROVENANCE = "provenance";
  private static final String MODEL = "model";
  private static final String DATA = "data";
  private static final String FACTS_PER_TYPE = "facts_per_type";
  private static final String SAMPLE_SEED = "sample_seed";
  private static final String SETTINGS = "settings";
  private static final String LIBRARY = "library";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  Setup() {}

  /** Returns what is known of figures that came without one: nothing. */
  static Setup unknown() {
    return ImmutableSetup.builder().build();
  }

  /** Returns the specification of the model, if there was one and it is known. */
  public abstract Optional<RecurrentDepthTransformer> model();

  /** Returns what facts or records were evaluated, in words; empty if that is not known. */
  @Value.Default
  public String data() {
    return "";
  }

  /** Returns how many facts of each type were drawn at most, unless all were taken. */
  public abstract OptionalInt factsPerType();

  /** Returns the seed the facts were drawn with, unless all were taken. */
  public abstract OptionalLong sampleSeed();

  /** Returns the settings of the evaluation, such as its iterations, by name. */
  public abstract ImmutableMap<String, String> settings();

  /** Returns the library that evaluated, with its version; empty if that is not known. */
  @Value.Default
  public String library() {
    return "";
  }

  /**
   * Returns how the model was made: data, configuration, seed, library version, by name; of the
   * training where no model was evaluated.
   */
  public abstract ImmutableMap<String, String> provenance();

  /** Returns this with one setting more. */
  final Setup with(String setting, Object value) {
    return ImmutableSetup.builder().from(this).putSettings(setting, value.toString()).build();
  }

  /** Adds {@code configuration} and {@code provenance} to a report. */
  final void addTo(ObjectNode report) {
    ObjectNode configuration = report.putObject(CONFIGURATION);
    model().ifPresent(model -> configuration.set(MODEL, json(ModelJson.write(model))));
    if (!data().isEmpty()) {
      configuration.put(DATA, data());
    }
    factsPerType().ifPresent(facts -> configuration.put(FACTS_PER_TYPE, facts));
    sampleSeed().ifPresent(seed -> configuration.put(SAMPLE_SEED, seed));
    ObjectNode settings = configuration.putObject(SETTINGS);
    settings().forEach(settings::put);
    if (!library().isEmpty()) {
      configuration.put(LIBRARY, library());
    }
    ObjectNode provenance = report.putObject(PROVENANCE);
    provenance().forEach(provenance::put);
  }

  /**
   * Returns what {@link #addTo} has added; nothing is known of a report without it.
   *
   * @throws IllegalArgumentException if the model is not a specification
   */
  static Setup of(JsonNode report) {
    JsonNode configuration = report.path(CONFIGURATION);
    ImmutableSetup.Builder setup =
        ImmutableSetup.builder()
            .data(configuration.path(DATA).asText(""))
            .library(configuration.path(LIBRARY).asText(""))
            .settings(texts(configuration.path(SETTINGS)))
            .provenance(texts(report.path(PROVENANCE)));
    if (configuration.has(MODEL)) {
      setup.model(model(configuration.get(MODEL)));
    }
    if (configuration.has(FACTS_PER_TYPE)) {
      setup.factsPerType(configuration.get(FACTS_PER_TYPE).intValue());
    }
    if (configuration.has(SAMPLE_SEED)) {
      setup.sampleSeed(configuration.get(SAMPLE_SEED).longValue());
    }
    return setup.build();
  }

  private static RecurrentDepthTransformer model(JsonNode model) {
    try {
      return ModelJson.parse(Path.of("report"), model.toString());
    } catch (IOException e) {
      throw new IllegalArgumentException("the configuration is bad: " + e.getMessage(), e);
    }
  }

  static ImmutableMap<String, String> texts(JsonNode object) {
    ImmutableMap.Builder<String, String> texts = ImmutableMap.builder();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      texts.put(entry.getKey(), entry.getValue().asText());
    }
    return texts.buildOrThrow();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a specification is not valid JSON: " + text, e);
    }
  }
}
