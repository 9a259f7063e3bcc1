package io.github.recurrent.evaluation;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.common.collect.Maps;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.internal.json.JsonSource;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;

/**
 * The JSON of reports, which is that of their records but for what is at its beginning: the
 * configuration and the provenance; of several models, those of each, by name.
 */
final class ReportJson {
  static final String CONFIGURATION = "configuration";
  static final String PROVENANCE = "provenance";

  /** What all rows of a report have in common is written once, beside the rows. */
  static final String FIRST_ITERATION = "first_iteration";

  private static final String SETUP = "setup";
  private static final String SETTINGS = "settings";
  private static final String MODELS = "models";
  private static final String RATIO = "ratio";
  private static final String ROWS = "rows";

  /** Bounds what a damaged file can make the reader do; far more than any report has. */
  private static final int MOST_VALUES = 1 << 22;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectNode UNKNOWN = Binding.write(Setup.unknown());

  private ReportJson() {}

  private record Origin(JsonNode configuration, JsonNode provenance) {
    Origin of(String model) {
      return new Origin(configuration.path(model), provenance.path(model));
    }
  }

  static ObjectNode write(Report report) {
    ObjectNode body = Binding.write(report);
    Origin origin = takeOrigin(report, body);
    ObjectNode json = NODES.objectNode();
    json.set(CONFIGURATION, origin.configuration());
    json.set(PROVENANCE, origin.provenance());
    json.setAll(body);
    return json;
  }

  /**
   * Reads a report.
   *
   * @throws IOException if the source is not valid JSON, or cannot be read
   * @throws IllegalArgumentException if it is not such a report
   */
  static <R extends Report> R read(JsonSource source, Binding.Kind<R> kind) throws IOException {
    JsonNode json = source.object(MOST_VALUES);
    putOrigin(kind.type(), json, new Origin(json.path(CONFIGURATION), json.path(PROVENANCE)));
    return kind.read(json);
  }

  /** Returns the place in a report's JSON that a place in its record has. */
  static String shown(String place) {
    return place
        .replace(SETUP + "." + PROVENANCE, PROVENANCE)
        .replace(SETUP + ".", CONFIGURATION + ".");
  }

  /** Takes what was evaluated and how out of a report's record. */
  private static Origin takeOrigin(Report report, JsonNode body) {
    if (report instanceof SideBySide<?> several) {
      return takeOrigins(several.reports(), name -> body.path(MODELS).path(name));
    }
    if (report instanceof MatchedDepth matched) {
      return takeOrigins(
          Maps.transformValues(matched.models(), MatchedDepth.Model::ratio),
          name -> body.path(MODELS).path(name).path(RATIO));
    }
    ObjectNode fields = (ObjectNode) body;
    if (report instanceof Bands) {
      return new Origin(
          each(fields.remove(CONFIGURATION), text -> Binding.parse(text.textValue())),
          each(fields.remove(PROVENANCE), text -> Binding.parse(text.textValue())));
    }
    for (JsonNode row : body.path(ROWS)) {
      if (body.has(FIRST_ITERATION) && row instanceof ObjectNode one) {
        one.remove(FIRST_ITERATION);
      }
    }
    ObjectNode setup =
        fields.remove(SETUP) instanceof ObjectNode known ? known : UNKNOWN.deepCopy();
    JsonNode provenance = setup.remove(PROVENANCE);
    UNKNOWN.properties().stream()
        .filter(field -> !field.getKey().equals(SETTINGS))
        .filter(field -> field.getValue().equals(setup.get(field.getKey())))
        .forEach(field -> setup.remove(field.getKey()));
    return new Origin(setup, provenance);
  }

  private static Origin takeOrigins(
      Map<String, ? extends Report> reports, Function<String, JsonNode> body) {
    ObjectNode configurations = NODES.objectNode();
    ObjectNode provenances = NODES.objectNode();
    reports.forEach(
        (model, report) -> {
          Origin origin = takeOrigin(report, body.apply(model));
          configurations.set(model, origin.configuration());
          provenances.set(model, origin.provenance());
        });
    return new Origin(configurations, provenances);
  }

  /** Puts back what was taken out; what is not as it must be is left to the binding to find. */
  private static void putOrigin(JavaType kind, JsonNode json, Origin origin) {
    if (!(json instanceof ObjectNode body)) {
      return;
    }
    if (kind.hasRawClass(SideBySide.class)) {
      JavaType one = kind.containedTypeOrUnknown(0);
      body.path(MODELS)
          .properties()
          .forEach(model -> putOrigin(one, model.getValue(), origin.of(model.getKey())));
    } else if (kind.hasRawClass(MatchedDepth.class)) {
      JavaType ratio = Binding.Kind.of(GeneralizationRatio.class).type();
      body.path(MODELS)
          .properties()
          .forEach(
              model -> putOrigin(ratio, model.getValue().path(RATIO), origin.of(model.getKey())));
    } else if (kind.hasRawClass(Bands.class)) {
      if (origin.configuration().isArray()) {
        body.set(CONFIGURATION, each(origin.configuration(), ReportJson::text));
      }
      if (origin.provenance().isArray()) {
        body.set(PROVENANCE, each(origin.provenance(), ReportJson::text));
      }
    } else {
      body.set(SETUP, setup(origin));
      JsonNode first = body.get(FIRST_ITERATION);
      for (JsonNode row : body.path(ROWS)) {
        if (first != null && row instanceof ObjectNode fields) {
          fields.set(FIRST_ITERATION, first);
        }
      }
      LearningRecord.complete(body);
    }
  }

  private static ObjectNode setup(Origin origin) {
    ObjectNode setup = UNKNOWN.deepCopy();
    if (origin.configuration() instanceof ObjectNode configuration) {
      setup.setAll(configuration);
    }
    if (origin.provenance() instanceof ObjectNode provenance) {
      setup.set(PROVENANCE, provenance);
    }
    return setup;
  }

  private static JsonNode text(JsonNode json) {
    return TextNode.valueOf(json.toString());
  }

  private static ArrayNode each(JsonNode array, Function<JsonNode, JsonNode> form) {
    ArrayNode all = NODES.arrayNode();
    array.forEach(one -> all.add(form.apply(one)));
    return all;
  }
}
