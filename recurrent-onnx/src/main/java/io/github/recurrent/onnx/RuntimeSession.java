package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A graph in ONNX Runtime. Thread-safe, except that it must not be closed while it runs. */
final class RuntimeSession implements AutoCloseable {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final OrtSession session;

  private RuntimeSession(OrtSession session) {
    this.session = session;
  }

  static RuntimeSession open(Path file, ExecutionOptions execution) throws OnnxFormatException {
    try (SessionOptions options = new SessionOptions()) {
      if (execution.threads().isPresent()) {
        options.setIntraOpNumThreads(execution.threads().getAsInt());
      }
      if (execution.cudaDevice().isPresent()) {
        addCuda(options, execution.cudaDevice().getAsInt());
      }
      return new RuntimeSession(ENVIRONMENT.createSession(file.toString(), options));
    } catch (OrtException e) {
      throw new OnnxFormatException(file, "ONNX Runtime refuses it: " + e.getMessage(), e);
    }
  }

  private static void addCuda(SessionOptions options, int device) {
    Set<OrtProvider> available = OrtEnvironment.getAvailableProviders();
    if (!available.contains(OrtProvider.CUDA)) {
      throw new IllegalStateException(
          "this ONNX Runtime cannot run on a CUDA device, only on "
              + available
              + "; onnxruntime_gpu must be on the class path in the place of onnxruntime");
    }
    try {
      options.addCUDA(device);
    } catch (OrtException e) {
      throw new IllegalStateException(
          "ONNX Runtime cannot use CUDA device " + device + ": " + e.getMessage(), e);
    }
  }

  /**
   * Runs the graph.
   *
   * @param inputs arrays, or numbers for scalars, by name
   * @param reader takes the outputs, which are gone afterwards
   */
  void run(Map<String, Object> inputs, Consumer<Outputs> reader) {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Object> input : inputs.entrySet()) {
        tensors.put(input.getKey(), OnnxTensor.createTensor(ENVIRONMENT, input.getValue()));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        reader.accept(new Outputs(result));
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  /** Runs the graph on tensors; the result must be closed. */
  OrtSession.Result run(Map<String, OnnxTensor> inputs) throws OrtException {
    return session.run(inputs);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed to close: " + e.getMessage(), e);
    }
  }

  /** The outputs of a run. */
  static final class Outputs {
    private final OrtSession.Result result;

    private Outputs(OrtSession.Result result) {
      this.result = result;
    }

    /** Returns the values of a tensor of 32-bit floats, in row-major order. */
    float[] floats(String name) {
      return tensor(name).getFloatBuffer().array();
    }

    /** Returns the values of a tensor of 64-bit integers, in row-major order. */
    long[] longs(String name) {
      return tensor(name).getLongBuffer().array();
    }

    private OnnxTensor tensor(String name) {
      return (OnnxTensor) result.get(name).orElseThrow();
    }
  }
}
