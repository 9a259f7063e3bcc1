package io.github.recurrent.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Objects;

/** The graph that runs all rows for all iterations and returns what each iteration would answer. */
public final class TrajectoryGraph {
  public static final String IDS = "input_ids";
  public static final String ITERATIONS = "iterations";
  public static final String LOGITS = "logits";

  private static final String BATCH = "batch";
  private static final String LENGTH = "length";

  private TrajectoryGraph() {}

  public static GraphProto of(
      RecurrentDepthTransformer model, ImmutableMap<String, TensorProto> weights) {
    GraphBuilder graph = GraphBuilder.of("trajectory");
    graph.describe(
        "Tells what queries would be answered after every iteration of a recurrent-depth"
            + " transformer.\n"
            + InputRows.description(model)
            + ITERATIONS
            + ": how many; below 1 counts as 1.\n"
            + LOGITS
            + ": of every token, by id, after each of them.");
    Tensor ids = graph.input(IDS, ElementType.INT64, BATCH, LENGTH);
    Tensor iterations =
        graph.apply("Max", graph.input(ITERATIONS, ElementType.INT64), graph.constant(1));
    LoopedStack stack =
        new LoopedStack(model, weights, graph, InputRows.checked(model, graph, ids));
    Tensor embedded = stack.embed();
    Tensor mask = stack.mask();
    Tensor readIndices = stack.readIndices();

    LoopBuilder loop = new LoopBuilder(graph);
    GraphBuilder body = loop.body();
    Tensor hidden =
        loop.carry(
            "hidden", stack.first(embedded), ElementType.FLOAT, BATCH, LENGTH, model.width());
    Tensor begin = model.inputInjection() ? body.apply("Add", hidden, embedded) : hidden;
    Tensor end = stack.iterate(body, begin, mask);
    loop.next(hidden, end);
    Tensor logits = stack.read(body, end, readIndices);
    loop.collect(logits, ElementType.FLOAT);
    Tensor all =
        Objects.requireNonNull(
            loop.build(iterations, body.apply("Identity", loop.condition())).get(logits));
    graph.output(
        graph.node("Identity").as(LOGITS, all),
        ElementType.FLOAT,
        ITERATIONS + "_run",
        BATCH,
        model.vocabularySize());
    return graph.build();
  }
}
