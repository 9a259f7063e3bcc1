package io.github.recurrent.onnx.internal.graph;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Builds an ONNX {@code Loop}: its body, the tensors it carries, and those it collects. */
final class LoopBuilder {
  private final GraphBuilder outer;
  private final GraphBuilder body;
  private final Tensor iteration;
  private final Tensor condition;
  private final Map<Tensor, Carried> carried = new LinkedHashMap<>();
  private final Map<Tensor, Tensor> next = new LinkedHashMap<>();
  private final Map<Tensor, ElementType> collected = new LinkedHashMap<>();

  private record Carried(Tensor first, ElementType type) {}

  LoopBuilder(GraphBuilder outer) {
    this.outer = outer;
    this.body = outer.within("iteration");
    this.iteration = body.input("iteration", ElementType.INT64);
    this.condition = body.input("condition", ElementType.BOOL);
  }

  /** Returns the graph of one iteration. */
  GraphBuilder body() {
    return body;
  }

  /** Returns the number of iterations before this one, a scalar of the body. */
  Tensor iteration() {
    return iteration;
  }

  /** Returns whether this iteration was to run, a scalar of the body; always true. */
  Tensor condition() {
    return condition;
  }

  /**
   * Carries a tensor from iteration to iteration.
   *
   * @param first its value before the first iteration
   * @param sizes its shape at the begin of an iteration; a size that iterations change needs a name
   *     that no other tensor's size has
   * @return the tensor at the begin of an iteration
   */
  Tensor carry(String name, Tensor first, ElementType type, Object... sizes) {
    Tensor begin = body.input(name, type, sizes);
    carried.put(begin, new Carried(first, type));
    return begin;
  }

  /** Gives what a carried tensor is at the end of an iteration. */
  void next(Tensor begin, Tensor end) {
    next.put(begin, end);
  }

  /** Returns what was given for a carried tensor's end of an iteration. */
  Tensor end(Tensor begin) {
    return Objects.requireNonNull(next.get(begin));
  }

  /** Collects a tensor of every iteration, which always has the same shape. */
  void collect(Tensor tensor, ElementType type) {
    collected.put(tensor, type);
  }

  /**
   * Adds the loop to the outer graph.
   *
   * @param mostIterations a scalar of the outer graph
   * @param goOn whether another iteration follows, a scalar of the body
   * @return by what {@link #carry} returned, the tensor after the last iteration; by what {@link
   *     #collect} was given, all iterations' tensors, with iterations as the first dimension
   */
  ImmutableMap<Tensor, Tensor> build(Tensor mostIterations, Tensor goOn) {
    checkState(carried.keySet().equals(next.keySet()), "%s carried, %s given", carried, next);
    body.outputOfAnyShape(goOn, ElementType.BOOL);
    List<Tensor> inputs = new ArrayList<>(List.of(mostIterations, outer.constant(true)));
    carried.forEach(
        (begin, tensor) -> {
          inputs.add(tensor.first());
          body.outputOfAnyShape(end(begin), tensor.type());
        });
    collected.forEach(body::outputOfAnyShape);
    List<Tensor> keys = new ArrayList<>(carried.keySet());
    keys.addAll(collected.keySet());
    List<Tensor> results =
        outer
            .node("Loop", Attribute.of("body", body.build()))
            .results(keys.size(), inputs.toArray(Tensor[]::new));
    ImmutableMap.Builder<Tensor, Tensor> byKey = ImmutableMap.builder();
    for (int i = 0; i < keys.size(); i++) {
      byKey.put(keys.get(i), results.get(i));
    }
    return byKey.buildOrThrow();
  }
}
