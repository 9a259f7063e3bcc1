package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.OptionalInt;
import org.immutables.value.Value;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/** Where and with how many threads a graph runs. */
@Value.Immutable
abstract class Execution {
  @Value.Default
  Device device() {
    return Device.auto();
  }

  abstract OptionalInt threads();

  ConfigProto configuration() {
    int threads = threads().orElse(Runtime.getRuntime().availableProcessors());
    ConfigProto.Builder configuration =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(threads)
            .setInterOpParallelismThreads(threads)
            .setAllowSoftPlacement(true);
    OptionalInt gpu = device().resolve();
    if (gpu.isEmpty()) {
      configuration.putDeviceCount("GPU", 0);
    } else {
      configuration.setGpuOptions(
          GPUOptions.newBuilder()
              .setVisibleDeviceList(Integer.toString(gpu.getAsInt()))
              .setAllowGrowth(true));
    }
    return configuration.build();
  }

  @Value.Check
  void check() {
    threads()
        .ifPresent(
            threads ->
                checkArgument(threads >= 1, "threads must be at least 1, but is %s", threads));
  }
}
