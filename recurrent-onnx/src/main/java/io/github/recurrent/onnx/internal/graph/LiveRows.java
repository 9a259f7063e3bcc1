package io.github.recurrent.onnx.internal.graph;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a loop carries of the rows that have not halted, packed together: whenever rows halt, all
 * these tensors lose them.
 */
final class LiveRows {
  private static final String LIVE = "live";

  private final LoopBuilder loop;
  private final GraphBuilder body;
  private final Tensor indices;
  private final Map<Tensor, Tensor> ends = new LinkedHashMap<>();

  /**
   * @param batch the number of rows at first, {@code [1]}, in the outer graph
   */
  LiveRows(LoopBuilder loop, GraphBuilder outer, Tensor batch) {
    this.loop = loop;
    this.body = loop.body();
    this.indices =
        carry(
            "rows",
            outer.apply(
                "Range", outer.constant(0), outer.apply("Squeeze", batch), outer.constant(1)),
            ElementType.INT64);
  }

  /**
   * Carries a tensor whose first dimension is the live rows.
   *
   * @param sizes those of the other dimensions
   */
  Tensor carry(String name, Tensor first, ElementType type, Object... sizes) {
    Object[] all = new Object[sizes.length + 1];
    all[0] = LIVE;
    System.arraycopy(sizes, 0, all, 1, sizes.length);
    Tensor begin = loop.carry(name, first, type, all);
    ends.put(begin, begin);
    return begin;
  }

  /** Gives what a carried tensor is at the end of an iteration; without, it stays as it is. */
  void next(Tensor begin, Tensor end) {
    ends.put(begin, end);
  }

  /**
   * Puts rows that halt at their places.
   *
   * @param target one row for every row of the batch
   * @param values one for every live row
   * @return the target with the values of the rows that halt
   */
  Tensor finish(Tensor target, Tensor values, Tensor halts) {
    Tensor places = body.apply("Unsqueeze", select(indices, halts), body.constants(1));
    return body.apply("ScatterND", target, places, select(values, halts));
  }

  /** Removes the rows that halt and returns whether any is left, a scalar. */
  Tensor shrink(Tensor halts) {
    Tensor left = body.apply("Not", halts);
    ends.forEach((begin, end) -> loop.next(begin, select(end, left)));
    return body.apply("Greater", body.apply("Size", loop.end(indices)), body.constant(0));
  }

  private Tensor select(Tensor values, Tensor which) {
    return body.node("Compress", Attribute.of("axis", 0)).of(values, which);
  }
}
