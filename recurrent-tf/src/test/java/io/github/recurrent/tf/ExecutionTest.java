package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.recurrent.tf.internal.natives.GraphOperations;
import io.github.recurrent.tf.internal.natives.Natives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;

final class ExecutionTest {
  @Test
  void aGraphIsClosedWhenItsSessionCannotBeOpened() {
    Execution execution = ImmutableExecution.builder().device(Device.gpu(99)).build();
    Graph graph = Natives.graph();

    assertThatIllegalStateException().isThrownBy(() -> execution.open(graph));

    assertThatIllegalStateException()
        .isThrownBy(() -> graph.opBuilder("NoOp", "after", GraphOperations.of(graph).scope()))
        .withMessageContaining("close");
  }

  @Test
  void aGpuIsLookedForWithTheOptionsOfATraining() {
    ConfigProto options = Execution.onGpu(ConfigProto.newBuilder(), 1).build();

    assertThat(options.getGpuOptions().getVisibleDeviceList()).isEqualTo("1");
    assertThat(options.getGpuOptions().getAllowGrowth()).isTrue();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void everySessionHasTheThreadsItIsGivenWhateverTheFirstOneHad() throws IOException {
    int few = threadsOfASession(1);

    assertThat(threadsOfASession(5) - few).isGreaterThanOrEqualTo(4);
    assertThat(threadsOfASession(1)).isEqualTo(few);
  }

  /** The number of native threads that come with a session. */
  private static int threadsOfASession(int threads) throws IOException {
    Natives.load();
    int before = nativeThreads();
    Execution execution =
        ImmutableExecution.builder().device(Device.cpu()).threads(threads).build();
    try (Graph graph = Natives.graph();
        Session session = new Session(graph, execution.configuration())) {
      session.runner().fetch(GraphOperations.of(graph).constant(1)).run().close();
      return nativeThreads() - before;
    }
  }

  private static int nativeThreads() throws IOException {
    // Native threads have the name of the thread that started them, unlike the virtual machine's.
    String name = Files.readString(Path.of("/proc/thread-self/comm"));
    int named = 0;
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        try {
          named += Files.readString(task.resolve("comm")).equals(name) ? 1 : 0;
        } catch (IOException e) {
          // It has ended since.
        }
      }
    }
    return named;
  }
}
