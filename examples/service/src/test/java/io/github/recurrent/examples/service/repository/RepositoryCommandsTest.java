package io.github.recurrent.examples.service.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.github.recurrent.examples.service.answer.ServerMetadata;
import io.github.recurrent.examples.service.grpc.GrpcInference;
import io.github.recurrent.examples.service.metrics.Measures;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.github.recurrent.examples.service.protocol.RepositoryModelLoadRequest;
import io.github.recurrent.examples.service.protocol.RepositoryModelLoadResponse;
import io.github.recurrent.examples.service.protocol.RepositoryModelUnloadRequest;
import io.github.recurrent.examples.service.protocol.RepositoryModelUnloadResponse;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.rest.RepositoryService;
import io.github.recurrent.examples.service.serving.Lifecycle;
import io.github.recurrent.examples.service.serving.ModelStatistics;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.Readiness;
import io.github.recurrent.examples.service.serving.ServingOptions;
import io.github.recurrent.fixtures.HopCircuit;
import io.github.recurrent.onnx.OnnxExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Loads and unloads at their bounds. */
@Timeout(60)
final class RepositoryCommandsTest {
  private static final int MOST_UNLOADED = 1000;
  private static final Duration TIME_OF_REQUESTS = Duration.ofMillis(100);

  @TempDir private Path folder;
  private final Models models = new Models();

  /** What commands wait for. */
  private volatile CountDownLatch hold = new CountDownLatch(0);

  /** Tells that a command waits. */
  private volatile CountDownLatch arrival = new CountDownLatch(1);

  private Repository repository(VersionPolicy policy, Runnable changed) {
    return new Repository(
        ModelSource.folder(folder),
        policy,
        models,
        new ServingOptions(4, 4, 0, 16),
        new Measures(),
        changed);
  }

  @Test
  void aModelThatIsUnloadedMayBeUnloadedAgainWhereNoOtherMay() throws IOException {
    for (int number = 0; number < MOST_UNLOADED; number++) {
      Files.createDirectories(folder.resolve("m" + number + "/1"));
    }
    // Nothing is loaded, as the policy wants no version that is there.
    try (Repository repository = repository(VersionPolicy.parse("7"), () -> {})) {
      repository.start();
      for (int number = 0; number < MOST_UNLOADED; number++) {
        repository.unload("m" + number).join();
      }
      Files.move(folder.resolve("m0"), folder.resolve("other"));
      CompletableFuture<Void> look = repository.load("other");
      assertThatThrownBy(look::join).hasMessageContaining("wants no version of other");

      assertThatThrownBy(() -> repository.unload("other").join())
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("too many models are unloaded: 1000 may be at once");
      assertThatCode(() -> repository.unload("m5").join()).doesNotThrowAnyException();
    }
  }

  @Test
  void commandsTakeAsLongAsTheyNeed() throws Exception {
    OnnxExporter.export(HopCircuit.of(1, 4).checkpoint(), folder.resolve("hops/1"));
    try (Repository repository = repository(VersionPolicy.parse("all"), this::hold);
        Server server = server(repository)) {
      repository.start();
      server.start().join();
      WebClient rest = WebClient.of("h2c://127.0.0.1:" + server.activeLocalPort());
      GRPCInferenceServiceBlockingStub grpc =
          GrpcClients.newClient(
              "gproto+h2c://127.0.0.1:" + server.activeLocalPort() + "/",
              GRPCInferenceServiceBlockingStub.class);

      assertThat(held(() -> posted(rest, "load"))).isEqualTo(200);
      assertThat(held(() -> posted(rest, "unload"))).isEqualTo(200);
      assertThat(
              held(
                  () ->
                      grpc.repositoryModelLoad(
                          RepositoryModelLoadRequest.newBuilder().setModelName("hops").build())))
          .isEqualTo(RepositoryModelLoadResponse.getDefaultInstance());
      assertThat(
              held(
                  () ->
                      grpc.repositoryModelUnload(
                          RepositoryModelUnloadRequest.newBuilder().setModelName("hops").build())))
          .isEqualTo(RepositoryModelUnloadResponse.getDefaultInstance());
    } finally {
      models.close();
    }
  }

  /** Runs a command that takes longer than requests may. */
  private <T> T held(Supplier<T> command) throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    hold = latch;
    arrival = new CountDownLatch(1);
    CompletableFuture<T> answer = CompletableFuture.supplyAsync(command);
    arrival.await();
    TimeUnit.MILLISECONDS.sleep(3 * TIME_OF_REQUESTS.toMillis());
    latch.countDown();
    return answer.join();
  }

  private void hold() {
    arrival.countDown();
    await(hold);
  }

  private static int posted(WebClient client, String command) {
    AggregatedHttpResponse answer =
        client.post("/v2/repository/models/hops/" + command, "{}").aggregate().join();
    return answer.status().code();
  }

  private Server server(Repository repository) {
    Lifecycle lifecycle = new Lifecycle();
    return Server.builder()
        .requestTimeout(TIME_OF_REQUESTS)
        .annotatedService(new RepositoryService(repository))
        .service(
            GrpcService.builder()
                .addService(
                    new GrpcInference(
                        models,
                        lifecycle,
                        new Readiness(lifecycle, models),
                        new ModelStatistics(models, new Measures()),
                        Optional.of(repository),
                        new Limits(2000, 1, 2, 1, 1, 1, TIME_OF_REQUESTS),
                        new ServerMetadata(ImmutableList.of())))
                .useBlockingTaskExecutor(true)
                .useClientTimeoutHeader(false)
                .build())
        .build();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
