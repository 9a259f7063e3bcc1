package io.github.recurrent.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.util.List;

/**
 * Whether rows halt, as nodes: the rule of {@link io.github.recurrent.reasoning.Halting} with
 * thresholds that a run gives.
 *
 * <p>Divergence and entropy are computed in 64 bits, as the rule does: near convergence the 32-bit
 * divergence is mostly rounding error. While no row may halt, which is always so if the threshold
 * never fires, neither is computed.
 */
final class HaltingRule {
  /** Before the second iteration there is no distribution to compare with. */
  private static final long FIRST_COMPARABLE = 2;

  private final Tensor maxIterations;
  private final Tensor firstHalting;
  private final Tensor firstCompared;
  private final Tensor canFire;
  private final Tensor klThreshold;
  private final Tensor entropyThreshold;

  /**
   * What a row's halting depends on, after an iteration.
   *
   * @param halts which rows halt, {@code [rows]}
   * @param logProbabilities what the next iteration is compared with, {@code [rows, vocabulary]}
   */
  record Decision(Tensor halts, Tensor logProbabilities) {}

  /**
   * Takes the scalars of the rule, which are inputs of the outermost graph: iterations as 64-bit
   * integers, thresholds as 32-bit floats.
   */
  HaltingRule(
      GraphBuilder outer,
      Tensor maxIterations,
      Tensor minIterations,
      Tensor klThreshold,
      Tensor entropyThreshold) {
    this.maxIterations = maxIterations;
    this.firstHalting = outer.apply("Max", minIterations, outer.constant(FIRST_COMPARABLE));
    this.firstCompared = outer.apply("Sub", firstHalting, outer.constant(1));
    this.canFire = outer.apply("Greater", klThreshold, outer.constant(Float.NEGATIVE_INFINITY));
    this.klThreshold = outer.cast(klThreshold, ElementType.DOUBLE);
    this.entropyThreshold = outer.cast(entropyThreshold, ElementType.DOUBLE);
  }

  /**
   * Decides after an iteration.
   *
   * @param iterations the number of iterations run, this one included; a scalar
   * @param logits those after this iteration, {@code [rows, vocabulary]}
   * @param previous the log-probabilities of the iteration before; of any finite values in the
   *     first
   */
  Decision decide(GraphBuilder graph, Tensor iterations, Tensor logits, Tensor previous) {
    Tensor compares =
        graph.apply("And", canFire, graph.apply("GreaterOrEqual", iterations, firstCompared));
    List<Tensor> compared =
        graph
            .node(
                "If",
                Attribute.of("then_branch", compare(graph, logits, previous)),
                Attribute.of("else_branch", pass(graph, logits, previous)))
            .results(2, compares);
    Tensor mayHalt = graph.apply("GreaterOrEqual", iterations, firstHalting);
    Tensor mustHalt = graph.apply("GreaterOrEqual", iterations, maxIterations);
    Tensor halts = graph.apply("Or", mustHalt, graph.apply("And", mayHalt, compared.get(0)));
    return new Decision(halts, compared.get(1));
  }

  private GraphProto compare(GraphBuilder outer, Tensor logits, Tensor previous) {
    GraphBuilder graph = outer.within("compare");
    Tensor current =
        graph
            .node("LogSoftmax", Attribute.of("axis", -1))
            .of(graph.cast(logits, ElementType.DOUBLE));
    Tensor probabilities = graph.apply("Exp", current);
    Tensor divergence = expectation(graph, probabilities, graph.apply("Sub", current, previous));
    Tensor entropy = graph.apply("Neg", expectation(graph, probabilities, current));
    Tensor converged =
        graph.apply(
            "And",
            graph.apply("Less", divergence, klThreshold),
            graph.apply("Less", entropy, entropyThreshold));
    return branch(graph, converged, current);
  }

  private static GraphProto pass(GraphBuilder outer, Tensor logits, Tensor previous) {
    GraphBuilder graph = outer.within("pass");
    Tensor rows = graph.node("Shape", Attribute.of("end", 1)).of(logits);
    return branch(graph, graph.zeros(ElementType.BOOL, rows), graph.apply("Identity", previous));
  }

  private static GraphProto branch(GraphBuilder graph, Tensor converged, Tensor logProbabilities) {
    graph.outputOfAnyShape(converged, ElementType.BOOL);
    graph.outputOfAnyShape(logProbabilities, ElementType.DOUBLE);
    return graph.build();
  }

  private static Tensor expectation(GraphBuilder graph, Tensor probabilities, Tensor values) {
    return graph
        .node("ReduceSum", Attribute.of("keepdims", 0))
        .of(graph.apply("Mul", probabilities, values), graph.constants(1));
  }
}
