package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import com.google.common.primitives.Floats;
import com.google.common.primitives.Longs;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs an export's portable files with whatever inputs, as a program that knows only them. */
final class PortableFiles implements AutoCloseable {
  private final OrtSession model;
  private final OrtSession trajectory;

  /**
   * What {@code model.onnx} computes.
   *
   * @param logits those of all rows
   */
  record Answers(List<Float> logits, List<Long> iterations) {}

  private PortableFiles(OrtSession model, OrtSession trajectory) {
    this.model = model;
    this.trajectory = trajectory;
  }

  static PortableFiles load(Path folder) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      return new PortableFiles(
          session(folder.resolve("model.onnx"), options),
          session(folder.resolve("trajectory.onnx"), options));
    }
  }

  private static OrtSession session(Path file, OrtSession.SessionOptions options)
      throws OrtException {
    return NativeRuntime.environment().createSession(file.toString(), options);
  }

  /** Runs rows for as many iterations as is said. */
  Answers answer(long[][] rows, long iterations) throws OrtException {
    return answer(rows, iterations, 1, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY);
  }

  Answers answer(long[][] rows, long most, long least, float kl, float entropy)
      throws OrtException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    inputs.put("input_ids", ids(rows));
    inputs.put("max_iterations", OnnxTensor.createTensor(NativeRuntime.environment(), most));
    inputs.put("min_iterations", OnnxTensor.createTensor(NativeRuntime.environment(), least));
    inputs.put("kl_threshold", OnnxTensor.createTensor(NativeRuntime.environment(), kl));
    inputs.put("entropy_threshold", OnnxTensor.createTensor(NativeRuntime.environment(), entropy));
    try (OrtSession.Result result = model.run(inputs)) {
      return new Answers(
          Floats.asList(tensor(result, "logits").getFloatBuffer().array()),
          Longs.asList(tensor(result, "iterations").getLongBuffer().array()));
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  /** Returns the logits of all rows after every iteration. */
  float[] trajectory(long[][] rows, long iterations) throws OrtException {
    try (OnnxTensor ids = ids(rows);
        OnnxTensor count = OnnxTensor.createTensor(NativeRuntime.environment(), iterations);
        OrtSession.Result result = trajectory.run(Map.of("input_ids", ids, "iterations", count))) {
      return tensor(result, "logits").getFloatBuffer().array();
    }
  }

  private static OnnxTensor ids(long[][] rows) throws OrtException {
    int length = rows.length == 0 ? 3 : rows[0].length;
    return OnnxTensor.createTensor(
        NativeRuntime.environment(),
        LongBuffer.wrap(Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray()),
        new long[] {rows.length, length});
  }

  private static OnnxTensor tensor(OrtSession.Result result, String name) {
    return (OnnxTensor) result.get(name).orElseThrow();
  }

  @Override
  public void close() throws OrtException {
    model.close();
    trajectory.close();
  }
}
