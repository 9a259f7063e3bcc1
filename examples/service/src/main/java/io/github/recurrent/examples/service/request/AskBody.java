package io.github.recurrent.examples.service.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import io.github.recurrent.graph.Query;
import java.util.List;
import java.util.Optional;

/** The body of a question: one query with what it chooses, and the model that it is for. */
public final class AskBody {
  private static final ImmutableSet<String> FIELDS =
      ImmutableSet.of("query", "parameters", "model", "version");

  private final Fields fields;

  private AskBody(Fields fields) {
    this.fields = fields;
  }

  /** Reads a body. */
  public static AskBody read(byte[] body) {
    return new AskBody(Fields.of("", Json.read(body), FIELDS));
  }

  /** Returns the name of the model, if it is named. */
  public Optional<String> model() {
    return fields.string("model");
  }

  /** Returns the version of the model; empty for the greatest that is loaded. */
  public String version() {
    return fields.string("version").orElse("");
  }

  /** Returns the query, a list of names or tokens or one string of them. */
  public Query query(QueryReader reader) {
    JsonNode query = fields.required("query");
    return query.isTextual()
        ? reader.text("query", query.textValue())
        : reader.names("query", names(fields.elements("query")));
  }

  private static List<String> names(List<JsonNode> names) {
    for (int index = 0; index < names.size(); index++) {
      if (!names.get(index).isTextual()) {
        throw Fault.bad(
            "query[" + index + "] must be a string, but is " + Json.kind(names.get(index)));
      }
    }
    return names.stream().map(JsonNode::textValue).toList();
  }

  /** Returns what the parameters choose. */
  public Choices choices(Limits limits) {
    return Choices.of(
        fields
            .value("parameters")
            .map(value -> Parameters.of("parameters", value))
            .orElseGet(() -> Parameters.none("parameters")),
        limits);
  }
}
