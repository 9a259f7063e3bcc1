package io.github.recurrent.onnx;

import org.immutables.value.Value;

/** How {@link OnnxExporter} writes a checkpoint. Immutable and thread-safe. */
@Value.Immutable
public abstract class ExportOptions {
  ExportOptions() {}

  /** Returns a builder; without more the export computes what the checkpoint does. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns whether the linear layers of the blocks multiply 8-bit integers; false by default.
   * Their weights are rounded to 255 steps for each output, symmetric about 0, and their inputs to
   * 256 steps for each run (dynamic quantization): a quarter of the memory, and faster where memory
   * or products take the time. Both are unsigned bytes, whose products are exact on every
   * processor. Embeddings, which are the head too, layer norms, biases, attention and the residual
   * state stay 32-bit floats: they are small, and the state is added to again in every iteration.
   * As the steps of a run span the inputs of all its rows, an answer depends a little on the rows
   * beside it.
   */
  @Value.Default
  public boolean quantizeInt8() {
    return false;
  }

  /** Builds {@link ExportOptions}. */
  public static final class Builder extends ImmutableExportOptions.Builder {
    Builder() {}
  }
}
