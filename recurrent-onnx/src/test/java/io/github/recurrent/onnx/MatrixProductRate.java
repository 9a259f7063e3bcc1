package io.github.recurrent.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.github.recurrent.onnx.internal.graph.ElementType;
import io.github.recurrent.onnx.internal.graph.GraphBuilder;
import io.github.recurrent.onnx.internal.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.Map;

/** The ceiling of all that ONNX Runtime computes: products of large matrices of 32-bit floats. */
public final class MatrixProductRate {
  private static final int SIZE = 2048;
  private static final int RUNS = 20;

  private MatrixProductRate() {}

  /** Returns the rate of the fastest of some products of two 2048 × 2048 matrices, in GFLOP/s. */
  public static double measure(int threads) {
    try {
      return measure(OrtEnvironment.getEnvironment(), threads);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double measure(OrtEnvironment environment, int threads) throws OrtException {
    GraphBuilder graph = GraphBuilder.of("product");
    Tensor left = graph.input("left", ElementType.FLOAT, SIZE, SIZE);
    Tensor right = graph.input("right", ElementType.FLOAT, SIZE, SIZE);
    graph.output(graph.node("Gemm").as("product", left, right), ElementType.FLOAT, SIZE, SIZE);
    byte[] model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .setGraph(graph.build())
            .build()
            .toByteArray();
    FloatBuffer values = FloatBuffer.allocate(SIZE * SIZE);
    while (values.hasRemaining()) {
      values.put(1f / (1 + values.position() % 97));
    }
    values.flip();
    long[] shape = {SIZE, SIZE};
    long fastest = Long.MAX_VALUE;
    try (SessionOptions options = options(threads);
        OrtSession session = environment.createSession(model, options);
        OnnxTensor matrix = OnnxTensor.createTensor(environment, values, shape)) {
      for (int run = 0; run < RUNS; run++) {
        long begin = System.nanoTime();
        session.run(Map.of("left", matrix, "right", matrix)).close();
        fastest = Math.min(fastest, System.nanoTime() - begin);
      }
    }
    return 2.0 * SIZE * SIZE * SIZE / fastest;
  }

  private static SessionOptions options(int threads) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(threads);
    return options;
  }
}
