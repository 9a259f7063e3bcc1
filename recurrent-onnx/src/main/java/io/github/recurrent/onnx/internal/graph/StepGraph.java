package io.github.recurrent.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Objects;

/**
 * The graph of iterations of rows that may be at different ones: some states are kept from the
 * iteration before, new tokens join them, and all pass the stack as often as is said; then any of
 * them are read.
 *
 * <p>Tokens are packed without pads but those that are read, so that rows of different lengths cost
 * no more than their tokens; only attention lays them out in rows. What depends on the rows alone
 * is an input, so that it is made once for as many iterations as they stay together.
 */
public final class StepGraph {
  /** States of the iteration before, {@code [carried, width]}. */
  public static final String HIDDEN = "hidden";

  /** Those that are kept, {@code [kept]}, of the first tokens. */
  public static final String KEEP = "keep";

  /** Ids of the new tokens, which stand behind those kept; with input injection, of all tokens. */
  public static final String IDS = "ids";

  /** Positions of the tokens of {@link #IDS}, if the model has them. */
  public static final String POSITIONS = "positions";

  /** What stands where in attention: the number of the token times 3 · heads, plus the head. */
  public static final String QUERIES = "queries";

  /** The place of every token's heads among all places of attention, {@code [tokens, heads]}. */
  public static final String PLACES = "places";

  /** What is added to the attention scores, {@code [rows or 1, 1, length, length]}. */
  public static final String MASK = "mask";

  /** What is added to them by head and key, {@code [heads, 1, length]}, if heads are biased. */
  public static final String BIASES = "biases";

  /** How often all pass the stack, a scalar of at least 1. */
  public static final String ITERATIONS = "iterations";

  /** The tokens that are read, {@code [read]}. */
  public static final String READ = "read";

  /** The states after the last iteration, {@code [tokens, width]}. */
  public static final String NEXT_HIDDEN = "next_hidden";

  /** Those of the tokens that are read, {@code [read, width]}. */
  public static final String READ_STATES = "read_states";

  /** Their logits, {@code [read, vocabulary]}. */
  public static final String LOGITS = "logits";

  private static final String TOKENS = "tokens";
  private static final String ROWS = "rows";
  private static final String LENGTH = "length";

  private final RecurrentDepthTransformer model;
  private final GraphBuilder graph = GraphBuilder.of("step");
  private final BlockStack blocks;

  private StepGraph(RecurrentDepthTransformer model, ImmutableMap<String, TensorProto> weights) {
    this.model = model;
    this.blocks = new BlockStack(model, weights, graph);
  }

  public static GraphProto of(
      RecurrentDepthTransformer model, ImmutableMap<String, TensorProto> weights) {
    return new StepGraph(model, weights).build();
  }

  private GraphProto build() {
    graph.describe(
        "Runs iterations of rows that may be at different ones, for the library that wrote this"
            + " file. It checks nothing; other programs are better off with the adaptive graph.");
    Tensor next = iterate();
    graph.output(
        graph.node("Identity").as(NEXT_HIDDEN, next), ElementType.FLOAT, TOKENS, model.width());
    Tensor read =
        graph.node("Gather").as(READ_STATES, next, graph.input(READ, ElementType.INT64, READ));
    graph.output(read, ElementType.FLOAT, READ, model.width());
    graph.output(
        graph.node("Identity").as(LOGITS, blocks.logits(graph, read)),
        ElementType.FLOAT,
        READ,
        model.vocabularySize());
    return graph.build();
  }

  /** Returns the states after the last iteration. */
  private Tensor iterate() {
    Tensor keep = graph.input(KEEP, ElementType.INT64, "kept");
    Tensor kept =
        graph.apply(
            "Gather", graph.input(HIDDEN, ElementType.FLOAT, "carried", model.width()), keep);
    String embeddedTokens = model.inputInjection() ? TOKENS : "new";
    Tensor ids = graph.input(IDS, ElementType.INT64, embeddedTokens);
    Tensor embedded =
        blocks.embed(graph, ids, () -> graph.input(POSITIONS, ElementType.INT64, embeddedTokens));
    Tensor added = model.inputInjection() ? none(ids, keep) : embedded;
    Tensor mask = mask();
    AttentionPlaces places = places();

    LoopBuilder loop = new LoopBuilder(graph);
    GraphBuilder body = loop.body();
    Tensor begin =
        loop.carry("state", concatenated(kept, added), ElementType.FLOAT, TOKENS, model.width());
    Tensor entering = model.inputInjection() ? body.apply("Add", begin, embedded) : begin;
    loop.next(begin, blocks.iterate(body, entering, mask, places));
    Tensor iterations = graph.input(ITERATIONS, ElementType.INT64);
    return Objects.requireNonNull(
        loop.build(iterations, body.apply("Identity", loop.condition())).get(begin));
  }

  /** Returns the states of new tokens where every iteration adds the embedded ones: zeros. */
  private Tensor none(Tensor ids, Tensor keep) {
    Tensor count = graph.apply("Sub", graph.apply("Shape", ids), graph.apply("Shape", keep));
    return graph.zeros(ElementType.FLOAT, concatenated(count, graph.constants(model.width())));
  }

  private Tensor concatenated(Tensor kept, Tensor added) {
    return graph.node("Concat", Attribute.of("axis", 0)).of(kept, added);
  }

  private Tensor mask() {
    Tensor mask = graph.input(MASK, ElementType.FLOAT, "masked_" + ROWS, 1, LENGTH, LENGTH);
    return model.attentionSlopes().isEmpty()
        ? mask
        : graph.apply(
            "Add", mask, graph.input(BIASES, ElementType.FLOAT, model.heads(), 1, LENGTH));
  }

  private AttentionPlaces places() {
    Tensor queries = graph.input(QUERIES, ElementType.INT64, ROWS, model.heads(), LENGTH);
    return new AttentionPlaces.PackedRows(
        ImmutableList.of(
            queries,
            graph.apply("Add", queries, graph.constant(model.heads())),
            graph.apply("Add", queries, graph.constant(2L * model.heads()))),
        graph.input(PLACES, ElementType.INT64, TOKENS, model.heads()),
        model.headWidth());
  }
}
