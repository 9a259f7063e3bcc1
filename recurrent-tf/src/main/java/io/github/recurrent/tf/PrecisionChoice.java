package io.github.recurrent.tf;

import com.google.common.annotations.VisibleForTesting;
import io.github.recurrent.tf.internal.graph.Kernels;
import io.github.recurrent.tf.internal.natives.GraphOperations;
import io.github.recurrent.tf.internal.natives.NativeCall;
import io.github.recurrent.tf.internal.natives.Natives;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Measures which precision trains faster. That a processor has bf16 instructions does not say so:
 * TensorFlow's products may lay out their operands so badly that they are slower than 32-bit ones.
 */
final class PrecisionChoice {
  private static final Logger LOG = System.getLogger(Precision.class.getName());

  /** As many rows as 128 queries of two hops have tokens. */
  private static final int ROWS = 512;

  private static final int WIDTH = 768;
  private static final int LEAST_RUNS = 3;
  private static final long BUDGET = TimeUnit.MILLISECONDS.toNanos(60);

  /** Rounding costs something too, and the figures vary a little. */
  private static final double WORTH = 1.2;

  private static final Map<Execution, Precision> CHOSEN = new ConcurrentHashMap<>();

  private PrecisionChoice() {}

  static Precision of(Device device, int threads) {
    return CHOSEN.computeIfAbsent(
        ImmutableExecution.builder().device(device).threads(threads).build(),
        PrecisionChoice::measured);
  }

  private static Precision measured(Execution execution) {
    double[] rates = rates(execution);
    double fp32 = rates[0];
    double bf16 = rates[1];
    Precision chosen = faster(fp32, bf16);
    LOG.log(
        Level.INFO,
        String.format(
            Locale.ROOT,
            "Precision.auto() is %s: products on %s with %d threads reach %.0f GFLOP/s in fp32 and"
                + " %.0f in bf16",
            chosen,
            execution.device().describe(),
            execution.threadCount(),
            fp32,
            bf16));
    return chosen;
  }

  @VisibleForTesting
  static Precision faster(double fp32, double bf16) {
    return bf16 > WORTH * fp32 ? Precision.BF16 : Precision.FP32;
  }

  /**
   * The rates of products as a training makes them, in 10⁹ additions and multiplications a second.
   * Both precisions take turns, so that what else the machine does slows them alike; the best run
   * of each counts.
   */
  private static double[] rates(Execution execution) {
    try (NativeCall call = NativeCall.begin();
        Graph graph = Natives.graph();
        Session session = new Session(graph, execution.configuration())) {
      Ops tf = GraphOperations.of(graph);
      Operand<TFloat32> states = MatrixProductRate.matrix(tf, session, "states", ROWS, WIDTH);
      Operand<TFloat32> weights = MatrixProductRate.matrix(tf, session, "weights", WIDTH, WIDTH);
      Operand<?> fp32 = corner(tf, new Kernels(tf, Precision.FP32).product(states, weights));
      Operand<?> bf16 = corner(tf, new Kernels(tf, Precision.BF16).product(states, weights));
      // The first run of each also optimizes its graph.
      seconds(session, fp32);
      seconds(session, bf16);
      double fp32Seconds = Double.MAX_VALUE;
      double bf16Seconds = Double.MAX_VALUE;
      long begin = System.nanoTime();
      for (int run = 0; run < LEAST_RUNS || System.nanoTime() - begin < BUDGET; run++) {
        call.goOn();
        fp32Seconds = Math.min(fp32Seconds, seconds(session, fp32));
        bf16Seconds = Math.min(bf16Seconds, seconds(session, bf16));
      }
      double operations = 2.0 * ROWS * WIDTH * WIDTH / 1e9;
      return new double[] {operations / fp32Seconds, operations / bf16Seconds};
    }
  }

  /** One number that depends on all others, so that nothing large is copied out. */
  private static Operand<TFloat32> corner(Ops tf, Operand<TFloat32> product) {
    return tf.slice(product, tf.constant(new int[] {0, 0}), tf.constant(new int[] {1, 1}));
  }

  private static double seconds(Session session, Operand<?> fetched) {
    long begin = System.nanoTime();
    session.runner().fetch(fetched).run().close();
    return (System.nanoTime() - begin) / 1e9;
  }
}
