package io.github.recurrent.examples.service.request;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;

/**
 * What a model says of a tensor that it takes or gives.
 *
 * @param shape its sizes; -1 for one that varies
 */
public record TensorSpec(String name, String datatype, ImmutableList<Long> shape) {
  private static final long ANY = -1;

  /** The inputs, of which a request has one. */
  public static final ImmutableList<TensorSpec> INPUTS =
      ImmutableList.of(
          new TensorSpec(InferRequest.QUERY, "BYTES", ImmutableList.of(ANY)),
          new TensorSpec(InferRequest.INPUT_IDS, "INT64", ImmutableList.of(ANY, ANY)));

  /** The outputs, of which a request names those it wants. */
  public static final ImmutableList<TensorSpec> OUTPUTS =
      Arrays.stream(Output.values())
          .map(
              output ->
                  new TensorSpec(
                      output.text(),
                      output.datatype(),
                      output.hasColumns() ? ImmutableList.of(ANY, ANY) : ImmutableList.of(ANY)))
          .collect(ImmutableList.toImmutableList());
}
