package io.github.recurrent.examples.service.request;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.recurrent.dataset.Query;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A request of the protocol to answer queries.
 *
 * @param id what the answer repeats, if the request has one
 * @param outputs what is asked for, without repetition
 */
public record InferRequest(
    Optional<String> id, ImmutableList<Query> queries, Choices choices, Set<Output> outputs) {
  static final String QUERY = "query";
  static final String INPUT_IDS = "input_ids";

  private static final ImmutableSet<String> FIELDS =
      ImmutableSet.of("id", "parameters", "inputs", "outputs");
  private static final ImmutableSet<String> OUTPUT_FIELDS = ImmutableSet.of("name", "parameters");

  /** Reads a body, and refuses what the limits or the model do not allow. */
  public static InferRequest of(JsonNode body, QueryReader reader, Limits limits) {
    Fields fields = Fields.of("", body, FIELDS);
    Optional<String> id = fields.string("id");
    Parameters parameters =
        fields
            .value("parameters")
            .map(value -> Parameters.of("parameters", value))
            .orElseGet(() -> new Parameters("parameters", ImmutableMap.of()));
    fields.required("inputs");
    List<JsonNode> inputs = fields.elements("inputs");
    if (inputs.size() != 1) {
      throw Fault.bad(
          "inputs must hold one tensor, "
              + QUERY
              + " or "
              + INPUT_IDS
              + ", but holds "
              + inputs.size());
    }
    Set<Output> outputs = outputs(fields);
    Choices choices = Choices.of(parameters, limits);
    return new InferRequest(
        id, queries(Tensor.of("inputs[0]", inputs.get(0)), reader, limits), choices, outputs);
  }

  private static ImmutableList<Query> queries(Tensor input, QueryReader reader, Limits limits) {
    boolean isText = input.name().equals(QUERY);
    if (!isText && !input.name().equals(INPUT_IDS)) {
      throw Fault.bad(
          input.place()
              + ".name must be "
              + QUERY
              + " or "
              + INPUT_IDS
              + ", but is "
              + Shown.text(input.name()));
    }
    input.require(isText ? "BYTES" : "INT64", isText ? 1 : 2);
    long rows = input.shape().get(0);
    if (rows < 1 || rows > limits.rows()) {
      throw Fault.bad(
          input.place()
              + " has "
              + rows
              + " queries; a request takes 1 to "
              + limits.rows()
              + ", the limit here");
    }
    return IntStream.range(0, (int) rows)
        .mapToObj(row -> isText ? text(input, row, reader) : ids(input, row, reader))
        .collect(toImmutableList());
  }

  private static Query text(Tensor input, int row, QueryReader reader) {
    return reader.text(input.place(row), input.string(row));
  }

  private static Query ids(Tensor input, int row, QueryReader reader) {
    int length = Math.toIntExact(input.shape().get(1));
    long[] ids =
        IntStream.range(0, length)
            .mapToLong(position -> input.integer(row * length + position))
            .toArray();
    return reader.ids(input.place() + ".data, row " + row + ",", ids);
  }

  private static Set<Output> outputs(Fields fields) {
    List<JsonNode> asked = fields.elements("outputs");
    Set<Output> outputs = EnumSet.noneOf(Output.class);
    for (int index = 0; index < asked.size(); index++) {
      Fields output = Fields.of("outputs[" + index + "]", asked.get(index), OUTPUT_FIELDS);
      Tensor.requireNoBinaryData(output);
      String name = output.requiredString("name");
      Output found =
          Arrays.stream(Output.values())
              .filter(known -> known.text().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      Fault.bad(
                          output.place("name")
                              + " must be one of "
                              + names()
                              + ", but is "
                              + Shown.text(name)));
      if (!outputs.add(found)) {
        throw Fault.bad(output.place("name") + " asks for " + name + " again");
      }
    }
    return outputs.isEmpty() ? EnumSet.allOf(Output.class) : outputs;
  }

  private static String names() {
    return String.join(", ", Arrays.stream(Output.values()).map(Output::text).toList());
  }
}
