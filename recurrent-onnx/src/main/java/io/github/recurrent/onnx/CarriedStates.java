package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.util.Objects;

/**
 * The states of tokens from one run to the next: a run takes them from one piece of native memory
 * and puts those that follow into another, and the next run has them the other way round. Not
 * thread-safe.
 */
final class CarriedStates implements AutoCloseable {
  private final int width;
  private Place last = new Place();
  private Place next = new Place();

  private final class Place {
    private static final String NAME = "states";

    private final NativeTensors memory = new NativeTensors();
    private int tokens;

    private OnnxTensor states(int count) throws OrtException {
      if (tokens != count) {
        close();
        memory.begin(Float.BYTES * NativeTensors.size(count, width));
        memory.floats(NAME, count, width);
        tokens = count;
      }
      return Objects.requireNonNull(memory.tensors().get(NAME));
    }

    private void close() {
      tokens = 0;
      memory.close();
    }
  }

  /**
   * @param width the width of a state
   */
  CarriedStates(int width) {
    this.width = width;
  }

  /** Returns the last states, {@code [tokens, width]}; before the first run those of one token. */
  OnnxTensor last() throws OrtException {
    return last.states(Math.max(1, last.tokens));
  }

  /** Returns where a run puts those that follow, {@code [tokens, width]}. */
  OnnxTensor next(int tokens) throws OrtException {
    return next.states(tokens);
  }

  /** Makes those that follow the last ones. */
  void turn() {
    Place before = last;
    last = next;
    next = before;
  }

  /** Lets go of the states; their memory stays for others. */
  @Override
  public void close() {
    last.close();
    next.close();
  }
}
