package io.github.recurrent.checkpoint;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The tensors of a file, which a model or its optimizer must be able to compute with. */
final class FiniteParameters {
  private FiniteParameters() {}

  static Parameters of(Path file, RecurrentDepthTransformer model, Map<String, float[]> values)
      throws IOException {
    return require(file, Parameters.of(model, values));
  }

  /**
   * @param file where they are from, for messages
   */
  static Parameters require(Path file, Parameters parameters) throws IOException {
    try {
      parameters.requireFinite();
      return parameters;
    } catch (IllegalArgumentException e) {
      throw new FileFormatException(file, String.valueOf(e.getMessage()), e);
    }
  }
}
