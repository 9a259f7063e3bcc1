package io.github.recurrent.examples.service.request;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.recurrent.examples.service.request.InferMessage.NamedOutput;
import io.github.recurrent.graph.Query;
import java.util.ArrayList;
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
 * @param topK how many of the most probable tokens are asked for
 */
public record InferRequest(
    Optional<String> id,
    ImmutableList<Query> queries,
    Choices choices,
    ImmutableList<Requested> outputs,
    int topK) {
  static final String QUERY = "query";
  static final String INPUT_IDS = "input_ids";

  private static final String TOP_K = "top_k";
  private static final int USUAL_TOP_K = 5;

  /**
   * An output that is asked for.
   *
   * @param isBinary whether it is to be given as plain bytes
   */
  public record Requested(Output output, boolean isBinary) {}

  /** Checks a message, and refuses what the limits or the model do not allow. */
  public static InferRequest of(InferMessage message, QueryReader reader, Limits limits) {
    List<Tensor> inputs = message.inputs();
    if (inputs.size() != 1) {
      throw Fault.bad(
          "inputs must hold one tensor, "
              + QUERY
              + " or "
              + INPUT_IDS
              + ", but holds "
              + inputs.size());
    }
    ImmutableList<Requested> outputs = outputs(message);
    Parameters parameters = ClientParameters.read(message.parameters(), limits);
    Choices choices = Choices.of(parameters, limits, ImmutableSet.of(TOP_K));
    int topK = topK(parameters, outputs, limits);
    ImmutableList<Query> queries = queries(inputs.get(0), reader, limits);
    InferRequest request = new InferRequest(message.id(), queries, choices, outputs, topK);
    outputs.forEach(
        output -> request.requireWithin(output.output(), reader.vocabularySize(), limits));
    return request;
  }

  /** Returns whether an output needs what happens after every iteration. */
  public boolean isWatched() {
    return outputs.stream().anyMatch(output -> output.output().isOfTrajectory());
  }

  private static int topK(Parameters parameters, ImmutableList<Requested> outputs, Limits limits) {
    if (parameters.has(TOP_K) && outputs.stream().noneMatch(output -> output.output().isOfTop())) {
      throw Fault.bad(
          parameters.place()
              + "."
              + TOP_K
              + " is for the outputs top_tokens and top_probabilities, which outputs does not name");
    }
    return parameters.integer(TOP_K, 1, limits.topK(), Math.min(USUAL_TOP_K, limits.topK()));
  }

  private void requireWithin(Output output, int vocabulary, Limits limits) {
    if (!output.hasColumns()) {
      return;
    }
    long columns = columns(output, vocabulary);
    if (queries.size() * columns > limits.outputValues()) {
      throw Fault.bad(
          "the output "
              + output.text()
              + " of "
              + queries.size()
              + " queries may have "
              + queries.size()
              + " x "
              + columns
              + " values; the limit here is "
              + limits.outputValues());
    }
  }

  /**
   * Returns the most values that all outputs may have together.
   *
   * @param vocabulary the number of tokens of the model
   */
  public long outputValues(int vocabulary) {
    return queries.size()
        * outputs.stream().mapToLong(output -> columns(output.output(), vocabulary)).sum();
  }

  private long columns(Output output, int vocabulary) {
    if (!output.hasColumns()) {
      return 1;
    }
    if (output.isOfTop()) {
      return topK;
    }
    return output.isOfTrajectory() ? choices.halting().atMost() : vocabulary;
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
    return isText ? texts(input, reader, limits) : ids(input, reader, limits);
  }

  private static ImmutableList<Query> texts(Tensor input, QueryReader reader, Limits limits) {
    List<String> texts = input.strings();
    return IntStream.range(0, rows(input, limits))
        .mapToObj(row -> reader.text(input.place() + ".data[" + row + "]", texts.get(row)))
        .collect(toImmutableList());
  }

  private static ImmutableList<Query> ids(Tensor input, QueryReader reader, Limits limits) {
    long[] ids = input.integers();
    int rows = rows(input, limits);
    int length = ids.length / rows;
    return IntStream.range(0, rows)
        .mapToObj(
            row ->
                reader.ids(
                    input.place() + ".data, row " + row + ",",
                    Arrays.copyOfRange(ids, row * length, (row + 1) * length)))
        .collect(toImmutableList());
  }

  private static int rows(Tensor input, Limits limits) {
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
    return (int) rows;
  }

  private static ImmutableList<Requested> outputs(InferMessage message) {
    List<Requested> outputs = new ArrayList<>();
    Set<Output> seen = EnumSet.noneOf(Output.class);
    for (NamedOutput named : message.outputs()) {
      Output output =
          Output.named(named.name())
              .orElseThrow(
                  () ->
                      Fault.bad(
                          named.place()
                              + ".name must be one of "
                              + names()
                              + ", but is "
                              + Shown.text(named.name())));
      if (!seen.add(output)) {
        throw Fault.bad(named.place() + ".name asks for " + output.text() + " again");
      }
      outputs.add(new Requested(output, named.isBinary()));
    }
    if (outputs.isEmpty()) {
      Output.UNASKED.forEach(output -> outputs.add(new Requested(output, message.isBinary())));
    }
    return ImmutableList.copyOf(outputs);
  }

  private static String names() {
    return String.join(", ", Arrays.stream(Output.values()).map(Output::text).toList());
  }
}
