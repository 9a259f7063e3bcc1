package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.tf.internal.graph.Variable;
import io.github.recurrent.tf.internal.natives.GraphOperations;
import io.github.recurrent.tf.internal.natives.NativeCall;
import io.github.recurrent.tf.internal.natives.Natives;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * The ceiling of this machine for training: the rate of TensorFlow's products of two large square
 * matrices, which no model can exceed.
 */
final class MatrixProductRate {
  private static final int SIZE = 2048;
  private static final int PRODUCTS = 4;
  private static final int WARM_UPS = 2;
  private static final int RUNS = 7;

  private MatrixProductRate() {}

  /** See {@link Device#matrixProductRate}. */
  static double measure(Device device, int threads, Precision precision) {
    checkArgument(threads >= 1, "threads must be at least 1, but is %s", threads);
    Execution execution = ImmutableExecution.builder().device(device).threads(threads).build();
    try (NativeCall call = NativeCall.begin();
        Graph graph = Natives.graph();
        Session session = new Session(graph, execution.configuration())) {
      Ops tf = GraphOperations.of(graph);
      Operand<TFloat32> left = matrix(tf, session, "left", SIZE, SIZE);
      Operand<TFloat32> right = matrix(tf, session, "right", SIZE, SIZE);
      Operand<?> last =
          switch (precision) {
            case FP32 -> powers(tf, left, right);
            case BF16 ->
                powers(
                    tf,
                    tf.dtypes.cast(left, TBfloat16.class),
                    tf.dtypes.cast(right, TBfloat16.class));
          };
      // One number depends on all products, so that nothing large is copied out.
      Operand<?> corner =
          tf.slice(last, tf.constant(new int[] {0, 0}), tf.constant(new int[] {1, 1}));
      double[] seconds = new double[RUNS];
      for (int run = -WARM_UPS; run < RUNS; run++) {
        call.goOn();
        long begin = System.nanoTime();
        session.runner().fetch(corner).run().close();
        if (run >= 0) {
          seconds[run] = (System.nanoTime() - begin) / 1e9;
        }
      }
      Arrays.sort(seconds);
      return 2.0 * SIZE * SIZE * SIZE * PRODUCTS / seconds[RUNS / 2] / 1e9;
    }
  }

  private static <T extends TType> Operand<T> powers(Ops tf, Operand<T> left, Operand<T> right) {
    Operand<T> product = left;
    for (int count = 0; count < PRODUCTS; count++) {
      product = tf.linalg.matMul(product, right);
    }
    return product;
  }

  /** A matrix of small random numbers that no optimizer of the graph can fold away. */
  static Operand<TFloat32> matrix(Ops tf, Session session, String name, int rows, int columns) {
    Variable variable = new Variable(tf, name, Shape.of(rows, columns));
    float[] values = new float[rows * columns];
    SplittableRandom random = new SplittableRandom(name.hashCode());
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((random.nextDouble() - 0.5) / Math.sqrt(columns));
    }
    try (TFloat32 tensor = TFloat32.tensorOf(Shape.of(rows, columns), DataBuffers.of(values))) {
      variable.set(session, tensor);
    }
    return variable.value();
  }
}
