package io.github.recurrent.onnx;

/**
 * Whether rows halt, as nodes: the rule of {@link io.github.recurrent.reasoning.Halting} with
 * thresholds that a run gives.
 *
 * <p>Divergence and entropy are computed in 64 bits, as the rule does: near convergence the 32-bit
 * divergence is mostly rounding error.
 */
final class HaltingRule {
  /** Before the second iteration there is no distribution to compare with. */
  private static final long FIRST_COMPARABLE = 2;

  private final Tensor maxIterations;
  private final Tensor firstHalting;
  private final Tensor klThreshold;
  private final Tensor entropyThreshold;

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
    this.klThreshold = outer.cast(klThreshold, ElementType.DOUBLE);
    this.entropyThreshold = outer.cast(entropyThreshold, ElementType.DOUBLE);
  }

  /** Returns the logarithms of the softmax of logits, in 64 bits. */
  static Tensor logProbabilities(GraphBuilder graph, Tensor logits) {
    return graph
        .node("LogSoftmax", Attribute.of("axis", -1))
        .of(graph.cast(logits, ElementType.DOUBLE));
  }

  /**
   * Returns which rows halt, {@code [rows]}.
   *
   * @param iterations the number of iterations run, this one included; a scalar
   * @param current the log-probabilities after this iteration, {@code [rows, vocabulary]}
   * @param previous those after the iteration before; of any finite values in the first
   */
  Tensor halts(GraphBuilder graph, Tensor iterations, Tensor current, Tensor previous) {
    Tensor probabilities = graph.apply("Exp", current);
    Tensor divergence = expectation(graph, probabilities, graph.apply("Sub", current, previous));
    Tensor entropy = graph.apply("Neg", expectation(graph, probabilities, current));
    Tensor settled =
        graph.apply(
            "And",
            graph.apply("Less", divergence, klThreshold),
            graph.apply("Less", entropy, entropyThreshold));
    Tensor mayHalt = graph.apply("GreaterOrEqual", iterations, firstHalting);
    Tensor mustHalt = graph.apply("GreaterOrEqual", iterations, maxIterations);
    return graph.apply("Or", mustHalt, graph.apply("And", mayHalt, settled));
  }

  private static Tensor expectation(GraphBuilder graph, Tensor probabilities, Tensor values) {
    return graph
        .node("ReduceSum", Attribute.of("keepdims", 0))
        .of(graph.apply("Mul", probabilities, values), graph.constants(1));
  }
}
