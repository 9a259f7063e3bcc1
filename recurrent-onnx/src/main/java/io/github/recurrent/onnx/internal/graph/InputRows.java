package io.github.recurrent.onnx.internal.graph;

import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a graph is given: ids {@code [B, L]}, each row the tokens of a query and then pads.
 */
public final class InputRows {
  static final long PAD_ID = 0;

  /** A head and a relation. */
  private static final int LEAST_TOKENS = 2;

  private final GraphBuilder graph;
  private final Tensor ids;
  private @Nullable Tensor tokens;

  private InputRows(GraphBuilder graph, Tensor ids) {
    this.graph = graph;
    this.ids = ids;
  }

  /** Takes rows from who knows what they must be. */
  static InputRows asGiven(GraphBuilder graph, Tensor ids) {
    return new InputRows(graph, ids);
  }

  /**
   * Takes rows from anyone: adds the pads that reading them needs, and fails the run unless all are
   * queries that the model can take. No operator of ONNX fails on purpose, but a reshaping to what
   * cannot be does, and runtimes tell the name of the node, which says what is expected.
   */
  static InputRows checked(RecurrentDepthTransformer model, GraphBuilder graph, Tensor ids) {
    InputRows given = new InputRows(graph, ids);
    Tensor readable = given.readable(model);
    InputRows checked = new InputRows(graph, given.required(model, readable));
    // Pads are not tokens, so that there are as many as before.
    checked.tokens = given.tokens();
    return checked;
  }

  /** Returns the ids, {@code [B, L]}. */
  Tensor ids() {
    return ids;
  }

  /** Returns the number of tokens of each row, {@code [B, 1]}. */
  Tensor tokens() {
    if (tokens == null) {
      Tensor isPad = graph.apply("Equal", ids, graph.constant(PAD_ID));
      tokens =
          graph.apply(
              "ReduceSum",
              graph.cast(graph.apply("Not", isPad), ElementType.INT64),
              graph.constants(1));
    }
    return tokens;
  }

  /** Returns the ids with as many more columns of pads as reading every row needs. */
  private Tensor readable(RecurrentDepthTransformer model) {
    ReadPosition read = model.readPosition();
    if (read.equals(ReadPosition.lastToken())) {
      return ids;
    }
    Tensor length = graph.node("Shape", Attribute.of("start", 1), Attribute.of("end", 2)).of(ids);
    Tensor missing =
        read.equals(ReadPosition.firstPad()) || model.positions() == PositionEncoding.NONE
            ? graph.apply("Min", count(graph.apply("Equal", tokens(), length)), graph.constants(1))
            : graph.apply(
                "Max",
                graph.apply("Sub", graph.constants(read.index(1) + 1L), length),
                graph.constants(0));
    Tensor rows = graph.node("Shape", Attribute.of("end", 1)).of(ids);
    Tensor shape = graph.node("Concat", Attribute.of("axis", 0)).of(rows, missing);
    return graph
        .node("Concat", Attribute.of("axis", 1))
        .of(ids, graph.zeros(ElementType.INT64, shape));
  }

  private Tensor required(RecurrentDepthTransformer model, Tensor readable) {
    Tensor columns =
        graph.apply(
            "Range",
            graph.constant(0),
            graph.apply(
                "Squeeze",
                graph.node("Shape", Attribute.of("start", 1), Attribute.of("end", 2)).of(readable)),
            graph.constant(1));
    // 1 where a row must have a token, which is also the least id there; 0 where it must have a
    // pad.
    Tensor least = graph.cast(graph.apply("Less", columns, tokens()), ElementType.INT64);
    Tensor most = graph.apply("Mul", least, graph.constant(model.vocabularySize() - 1L));
    Tensor isWrong =
        graph.apply(
            "Or", graph.apply("Less", readable, least), graph.apply("Greater", readable, most));
    Tensor isShort = graph.apply("Less", tokens(), graph.constant(LEAST_TOKENS));
    Tensor wrong = graph.apply("Add", count(isWrong), count(isShort));
    OptionalInt mostTokens = mostTokens(model);
    if (mostTokens.isPresent()) {
      Tensor isLong = graph.apply("Greater", tokens(), graph.constant(mostTokens.getAsInt()));
      wrong = graph.apply("Add", wrong, count(isLong));
    }
    Tensor shape = graph.apply("Shape", readable);
    return graph.node("Reshape").as(requirement(model), readable, graph.apply("Add", shape, wrong));
  }

  /** Returns how many of some flags are set, {@code [1]}. */
  private Tensor count(Tensor flags) {
    Tensor each = graph.apply("Reshape", flags, graph.constants(-1));
    return graph.apply("ReduceSum", graph.cast(each, ElementType.INT64));
  }

  /** Returns the name of the node that fails unless rows are as they must be. */
  public static String requirement(RecurrentDepthTransformer model) {
    OptionalInt most = mostTokens(model);
    return "input_ids_must_be_rows_of_"
        + LEAST_TOKENS
        + (most.isPresent() ? "_to_" + most.getAsInt() : "_or_more")
        + "_ids_from_1_to_"
        + (model.vocabularySize() - 1)
        + "_and_then_zeros";
  }

  /** Says what rows must be, on a line of its own. */
  static String description(RecurrentDepthTransformer model) {
    OptionalInt most = mostTokens(model);
    return "input_ids: each row holds the ids of a head and its relations, which are "
        + LEAST_TOKENS
        + (most.isPresent() ? " to " + most.getAsInt() : " or more")
        + " ids from 1 to "
        + (model.vocabularySize() - 1)
        + ", and then zeros, or none. Any other row fails the run at the node "
        + requirement(model)
        + ".\n";
  }

  /** Returns the greatest number of tokens of a query, if there is one. */
  static OptionalInt mostTokens(RecurrentDepthTransformer model) {
    boolean isBounded = model.positions() != PositionEncoding.NONE;
    ReadPosition read = model.readPosition();
    if (read.equals(ReadPosition.lastToken())) {
      return isBounded ? OptionalInt.of(model.maxPositions()) : OptionalInt.empty();
    }
    if (read.equals(ReadPosition.firstPad())) {
      return isBounded ? OptionalInt.of(model.maxPositions() - 1) : OptionalInt.empty();
    }
    int column = read.index(1);
    return OptionalInt.of(isBounded && column >= model.maxPositions() ? 0 : column + 1);
  }
}
