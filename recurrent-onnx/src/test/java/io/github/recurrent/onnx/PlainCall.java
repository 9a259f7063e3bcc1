package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * ONNX Runtime as it is, to compare with: a graph of {@link UnrolledGraph} on the CPU, with the
 * runtime's own options but the number of threads.
 */
public final class PlainCall implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  private PlainCall(Path file, int threads) throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      session = environment.createSession(file.toString(), options);
    }
  }

  /** Loads a graph. */
  public static PlainCall load(Path file, int threads) {
    try {
      return new PlainCall(file, threads);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns the logits {@code [rows, vocabulary]}.
   *
   * @param ids {@code [rows, length]}, each row padded with 0
   */
  public float[] logits(long[] ids, int rows) {
    try (OnnxTensor input =
            OnnxTensor.createTensor(
                environment, LongBuffer.wrap(ids), new long[] {rows, ids.length / rows});
        OrtSession.Result result = session.run(Map.of(UnrolledGraph.IDS, input))) {
      return ((OnnxTensor) result.get(0)).getFloatBuffer().array();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
