package io.github.recurrent.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.internal.json.JsonSource;
import java.io.IOException;
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
    Origin origin = takeOrigin(body);
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
   * @throws IllegalArgumentException if it is no such report
   */
  static <R extends Report> R read(JsonSource source, Binding.Kind<R> kind) throws IOException {
    JsonNode json = source.object(MOST_VALUES);
    if (json instanceof ObjectNode body) {
      putOrigin(body, new Origin(body.path(CONFIGURATION), body.path(PROVENANCE)));
    }
    return kind.read(json);
  }

  /** Returns the place in a report's JSON that a place in its record has. */
  static String shown(String place) {
    return place
        .replace(SETUP + "." + PROVENANCE, PROVENANCE)
        .replace(SETUP + ".", CONFIGURATION + ".");
  }

  private static Origin takeOrigin(ObjectNode body) {
    if (body.get(MODELS) instanceof ObjectNode models) {
      Origin all = new Origin(NODES.objectNode(), NODES.objectNode());
      models
          .properties()
          .forEach(
              model -> {
                Origin one = takeOrigin((ObjectNode) ofOneModel(model.getValue()));
                ((ObjectNode) all.configuration()).set(model.getKey(), one.configuration());
                ((ObjectNode) all.provenance()).set(model.getKey(), one.provenance());
              });
      return all;
    }
    if (body.remove(SETUP) instanceof ObjectNode setup) {
      body.path(ROWS).forEach(row -> ((ObjectNode) row).remove(FIRST_ITERATION));
      JsonNode provenance = setup.remove(PROVENANCE);
      UNKNOWN.properties().stream()
          .filter(field -> !field.getKey().equals(SETTINGS))
          .filter(field -> field.getValue().equals(setup.get(field.getKey())))
          .forEach(field -> setup.remove(field.getKey()));
      return new Origin(setup, provenance);
    }
    Origin ofEach =
        new Origin(
            each(body.path(CONFIGURATION), text -> Binding.parse(text.textValue())),
            each(body.path(PROVENANCE), text -> Binding.parse(text.textValue())));
    body.remove(ImmutableList.of(CONFIGURATION, PROVENANCE));
    return ofEach;
  }

  private static void putOrigin(ObjectNode body, Origin origin) {
    if (body.get(MODELS) instanceof ObjectNode models) {
      models
          .properties()
          .forEach(
              model -> {
                if (ofOneModel(model.getValue()) instanceof ObjectNode one) {
                  putOrigin(one, origin.of(model.getKey()));
                }
              });
    } else if (origin.configuration().isArray()) {
      body.set(
          CONFIGURATION, each(origin.configuration(), one -> TextNode.valueOf(one.toString())));
      body.set(PROVENANCE, each(origin.provenance(), one -> TextNode.valueOf(one.toString())));
    } else {
      ObjectNode setup = UNKNOWN.deepCopy();
      if (origin.configuration() instanceof ObjectNode configuration) {
        setup.setAll(configuration);
      }
      if (origin.provenance() instanceof ObjectNode provenance) {
        setup.set(PROVENANCE, provenance);
      }
      body.set(SETUP, setup);
      JsonNode first = body.get(FIRST_ITERATION);
      for (JsonNode row : body.path(ROWS)) {
        if (first != null && row instanceof ObjectNode fields) {
          fields.set(FIRST_ITERATION, first);
        }
      }
      LearningRecord.complete(body);
    }
  }

  /** Returns where a model's setup is: in its report, or in that which the others are made of. */
  private static JsonNode ofOneModel(JsonNode model) {
    return model.get("ratio") instanceof ObjectNode ratio ? ratio : model;
  }

  private static ArrayNode each(JsonNode array, Function<JsonNode, JsonNode> form) {
    ArrayNode all = NODES.arrayNode();
    array.forEach(one -> all.add(form.apply(one)));
    return all;
  }
}
