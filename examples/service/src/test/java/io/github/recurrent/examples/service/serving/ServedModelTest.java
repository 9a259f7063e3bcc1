package io.github.recurrent.examples.service.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.examples.service.metrics.Measures;
import io.github.recurrent.examples.service.metrics.MetricsService;
import io.github.recurrent.examples.service.request.Choices;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.fixtures.HopCircuit;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.Deadline;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ServedModelTest {
  private static final HopCircuit CIRCUIT = HopCircuit.of(1, 4);
  private static final ImmutableList<Query> QUERIES = ImmutableList.of(Query.of("<e_3>", "<r_1>"));

  /** Long enough for a thread that does not wait to end. */
  private static final Duration MOMENT = Duration.ofMillis(300);

  @TempDir private Path folder;
  private final Measures measures = new Measures();
  private final Models models = new Models();
  private final ServiceRequestContext context =
      ServiceRequestContext.of(HttpRequest.of(HttpMethod.POST, "/"));

  /** Holds an iteration, so that the batcher cannot end. */
  private final CountDownLatch held = new CountDownLatch(1);

  private final CountDownLatch running = new CountDownLatch(1);

  @BeforeEach
  void export() throws IOException {
    OnnxExporter.export(CIRCUIT.checkpoint(), folder.resolve("onnx"));
  }

  private ServedModel load(int warmUpHops) throws IOException {
    return ServedModel.load(
        "hops", 1, folder.resolve("onnx"), new ServingOptions(4, 4, warmUpHops, 16), measures);
  }

  /** Loads a model that is at a query until it is let go. */
  private ServedModel busy() throws Exception {
    models.put(load(0));
    ServedModel model = models.use(context, "hops", "", Fault::bad);
    Halting halting =
        Halting.fixed(1)
            .watchedBy(
                (iteration, distribution) -> {
                  running.countDown();
                  await(held);
                });
    CompletableFuture<ImmutableList<Answer>> unused =
        model.answer(
            context,
            QUERIES,
            new Choices(ImmutableList.of(halting), Deadline.failingAfter(Duration.ofMinutes(1))));
    running.await();
    return model;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread started(Runnable task) {
    Thread thread = new Thread(task, "closer");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Test
  void whoeverClosesAModelThatIsBeingClosedWaitsUntilItIs() throws Exception {
    ServedModel model = busy();
    Thread first = started(model::close);
    awaitClosing(model);

    Thread second = started(model::close);
    second.join(MOMENT.toMillis());

    assertThat(second.isAlive()).isTrue();
    held.countDown();
    second.join();
    assertThat(measures.openBatchers()).isZero();
    first.join();
  }

  @Test
  void aModelIsCountedUntilItsMemoryIsGivenBack() throws Exception {
    ServedModel model = busy();
    Thread closer = started(model::close);
    awaitClosing(model);

    closer.join(MOMENT.toMillis());

    assertThat(measures.openBatchers()).isEqualTo(1);
    held.countDown();
    closer.join();
    assertThat(measures.openBatchers()).isZero();
  }

  @Test
  void nothingIsMeasuredOfAModelThatIsClosed() throws Exception {
    ServedModel model = busy();
    Thread closer = started(model::close);
    awaitClosing(model);
    closer.join(MOMENT.toMillis());
    assertThat(metrics()).contains("model=\"hops\"");

    // The query ends while the model is being closed, which is measured too.
    held.countDown();
    closer.join();

    assertThat(metrics()).doesNotContain("model=\"hops\"");
  }

  @Test
  void aModelThatCannotBeWarmedUpIsNotCounted() {
    assertThatThrownBy(() -> load(1 << 20)).isInstanceOf(IllegalArgumentException.class);

    assertThat(measures.openBatchers()).isZero();
    assertThat(metrics()).doesNotContain("model=\"hops\"");
  }

  /** Waits until a model takes no more queries. */
  private void awaitClosing(ServedModel model) throws InterruptedException {
    ServiceRequestContext other = ServiceRequestContext.of(HttpRequest.of(HttpMethod.POST, "/"));
    model.use(other);
    Choices choices =
        new Choices(
            ImmutableList.of(Halting.fixed(1)), Deadline.failingAfter(Duration.ofMinutes(1)));
    while (takes(model, other, choices)) {
      Thread.sleep(5);
    }
  }

  private static boolean takes(ServedModel model, ServiceRequestContext context, Choices choices) {
    try {
      boolean unused = model.answer(context, QUERIES, choices).cancel(true);
      return true;
    } catch (Fault fault) {
      return fault.status().code() == 429;
    }
  }

  private String metrics() {
    try {
      return new MetricsService(measures)
          .metrics(RequestHeaders.of(HttpMethod.GET, "/metrics"))
          .aggregate()
          .join()
          .contentUtf8();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
