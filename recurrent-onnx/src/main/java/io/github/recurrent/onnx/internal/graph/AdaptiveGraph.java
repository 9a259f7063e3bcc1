package io.github.recurrent.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Objects;

/**
 * The graph that answers: every row iterates until it halts (paper §3).
 *
 * <p>The loop carries the rows that are live. After an iteration the answers of the rows that halt
 * are put at their places and the other rows are packed together, so that a halted row costs
 * nothing more; the loop ends when no row is left.
 */
public final class AdaptiveGraph {
  public static final String IDS = "input_ids";
  public static final String MAX_ITERATIONS = "max_iterations";
  public static final String MIN_ITERATIONS = "min_iterations";
  public static final String KL_THRESHOLD = "kl_threshold";
  public static final String ENTROPY_THRESHOLD = "entropy_threshold";
  public static final String LOGITS = "logits";
  public static final String ITERATIONS = "iterations";

  private static final String BATCH = "batch";
  private static final String LENGTH = "length";

  private final RecurrentDepthTransformer model;
  private final GraphBuilder graph = GraphBuilder.of("adaptive");
  private final Tensor ids = graph.input(IDS, ElementType.INT64, BATCH, LENGTH);
  private final Tensor maxIterations =
      graph.apply("Max", graph.input(MAX_ITERATIONS, ElementType.INT64), graph.constant(1));
  private final HaltingRule rule =
      new HaltingRule(
          graph,
          maxIterations,
          graph.input(MIN_ITERATIONS, ElementType.INT64),
          graph.input(KL_THRESHOLD, ElementType.FLOAT),
          graph.input(ENTROPY_THRESHOLD, ElementType.FLOAT));
  private final LoopedStack stack;
  private final Tensor batch = graph.node("Shape", Attribute.of("end", 1)).of(ids);
  private final Tensor answersShape;
  private final LoopBuilder loop = new LoopBuilder(graph);
  private final GraphBuilder body = loop.body();
  private final LiveRows live = new LiveRows(loop, graph, batch);

  private AdaptiveGraph(
      RecurrentDepthTransformer model, ImmutableMap<String, TensorProto> weights) {
    this.model = model;
    this.stack = new LoopedStack(model, weights, graph, InputRows.checked(model, graph, ids));
    this.answersShape =
        graph
            .node("Concat", Attribute.of("axis", 0))
            .of(batch, graph.constants(model.vocabularySize()));
  }

  public static GraphProto of(
      RecurrentDepthTransformer model, ImmutableMap<String, TensorProto> weights) {
    return new AdaptiveGraph(model, weights).build();
  }

  private GraphProto build() {
    graph.describe(description());
    int vocabulary = model.vocabularySize();
    Tensor readIndices = live.carry("read_indices", stack.readIndices(), ElementType.INT64, 1);
    Tensor previous =
        live.carry(
            "previous",
            graph.zeros(ElementType.DOUBLE, answersShape),
            ElementType.DOUBLE,
            vocabulary);
    Tensor answers =
        loop.carry(
            "answers",
            graph.zeros(ElementType.FLOAT, answersShape),
            ElementType.FLOAT,
            BATCH,
            vocabulary);
    Tensor counts =
        loop.carry("counts", graph.zeros(ElementType.INT64, batch), ElementType.INT64, BATCH);

    Tensor logits = stack.read(body, iterate(), readIndices);
    Tensor iterations = body.apply("Add", loop.iteration(), body.constant(1));
    HaltingRule.Decision decision = rule.decide(body, iterations, logits, previous);
    Tensor halts = decision.halts();
    loop.next(answers, live.finish(answers, logits, halts));
    loop.next(
        counts,
        live.finish(counts, body.apply("Expand", iterations, body.apply("Shape", halts)), halts));
    live.next(previous, decision.logProbabilities());
    ImmutableMap<Tensor, Tensor> results = loop.build(maxIterations, live.shrink(halts));

    graph.output(named(LOGITS, results, answers), ElementType.FLOAT, BATCH, vocabulary);
    graph.output(named(ITERATIONS, results, counts), ElementType.INT64, BATCH);
    return graph.build();
  }

  private String description() {
    return "Answers queries with a recurrent-depth transformer, each after as many iterations as it"
        + " needs.\n"
        + InputRows.description(model)
        + MAX_ITERATIONS
        + ": every row halts there at the latest; below 1 counts as 1.\n"
        + MIN_ITERATIONS
        + ": no row halts before, nor before the second; above "
        + MAX_ITERATIONS
        + " counts as that.\n"
        + KL_THRESHOLD
        + ", "
        + ENTROPY_THRESHOLD
        + ": a row halts where the divergence from the iteration before and the entropy, in nats,"
        + " are below; negative infinity and NaN never are.\n"
        + LOGITS
        + ": of every token, by id, at the iteration at which the row halts.\n"
        + ITERATIONS
        + ": that iteration, from 1.";
  }

  /** Returns the hidden state after an iteration. */
  private Tensor iterate() {
    int width = model.width();
    int biasedHeads = Math.max(1, model.attentionSlopes().size());
    Tensor embedded = stack.embed();
    Tensor hidden = live.carry("hidden", stack.first(embedded), ElementType.FLOAT, LENGTH, width);
    Tensor mask = live.carry("mask", stack.mask(), ElementType.FLOAT, biasedHeads, LENGTH, LENGTH);
    Tensor begin = hidden;
    if (model.inputInjection()) {
      begin =
          body.apply(
              "Add", hidden, live.carry("embedded", embedded, ElementType.FLOAT, LENGTH, width));
    }
    Tensor end = stack.iterate(body, begin, mask);
    live.next(hidden, end);
    return end;
  }

  private Tensor named(String name, ImmutableMap<Tensor, Tensor> results, Tensor carried) {
    return graph.node("Identity").as(name, Objects.requireNonNull(results.get(carried)));
  }
}
