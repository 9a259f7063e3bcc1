package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Ascii;
import io.github.recurrent.tf.internal.natives.Natives;
import java.util.OptionalInt;
import org.immutables.value.Value;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/** Where and with how many threads a graph runs. */
@Value.Immutable
abstract class Execution {
  @Value.Default
  Device device() {
    return Device.auto();
  }

  abstract OptionalInt threads();

  final int threadCount() {
    return threads().orElse(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns the options of a session.
   *
   * @throws IllegalStateException if a GPU was asked for that is not there
   */
  final ConfigProto configuration() {
    ConfigProto.Builder configuration =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(threadCount())
            .setInterOpParallelismThreads(threadCount())
            .setUsePerSessionThreads(true)
            .setAllowSoftPlacement(true);
    OptionalInt gpu = device().resolve();
    return gpu.isEmpty()
        ? onCpu(configuration).build()
        : onGpu(configuration, gpu.getAsInt()).build();
  }

  /**
   * Runs graphs as they were built: TensorFlow's optimizer looks for half a second at the graph of
   * each number of iterations, and steps are no faster after it.
   */
  private static ConfigProto.Builder onCpu(ConfigProto.Builder configuration) {
    return configuration
        .putDeviceCount("GPU", 0)
        .setGraphOptions(
            GraphOptions.newBuilder()
                .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)));
  }

  /**
   * Opens a session of a graph; the graph is closed too if that fails.
   *
   * @throws IllegalStateException if a GPU was asked for that is not there
   */
  final Session open(Graph graph) {
    try {
      return new Session(graph, configuration());
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /**
   * Returns what a training computes with, in one line.
   *
   * @throws IllegalStateException if a GPU was asked for that is not there
   */
  final String describe(Precision precision) {
    String format =
        precision == Precision.FP32 && device().resolve().isPresent() && Natives.tf32()
            ? "fp32 (products in TF32)"
            : Ascii.toLowerCase(precision.toString());
    return "Training on "
        + device().describe()
        + " in "
        + format
        + " with "
        + threadCount()
        + (threadCount() == 1 ? " thread" : " threads");
  }

  /** The same for all sessions on a GPU, since the first one's hold for the process. */
  static ConfigProto.Builder onGpu(ConfigProto.Builder configuration, int index) {
    return configuration.setGpuOptions(
        GPUOptions.newBuilder().setVisibleDeviceList(Integer.toString(index)).setAllowGrowth(true));
  }

  @Value.Check
  void check() {
    threads()
        .ifPresent(
            threads ->
                checkArgument(threads >= 1, "threads must be at least 1, but is %s", threads));
  }
}
