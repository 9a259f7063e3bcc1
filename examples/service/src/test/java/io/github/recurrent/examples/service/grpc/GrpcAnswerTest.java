package io.github.recurrent.examples.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import io.github.recurrent.examples.service.protocol.ServerLiveRequest;
import io.github.recurrent.examples.service.protocol.ServerLiveResponse;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Limits;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call ends whether its answer can be made and sent or not. */
@Timeout(60)
final class GrpcAnswerTest {
  private static final ServerLiveResponse LIVE =
      ServerLiveResponse.newBuilder().setLive(true).build();

  /** Answers its one method with what a function makes of a result. */
  private static final class Live extends GRPCInferenceServiceImplBase {
    private final CompletableFuture<String> result;
    private final Function<String, ServerLiveResponse> message;

    Live(CompletableFuture<String> result, Function<String, ServerLiveResponse> message) {
      this.result = result;
      this.message = message;
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> client) {
      GrpcAnswer.send(client, result, message);
    }
  }

  @Test
  void aMessageIsSent() {
    assertThat(call(CompletableFuture.completedFuture("made"), made -> LIVE)).isEqualTo(LIVE);
  }

  @Test
  void aFailureWhileTheMessageIsMadeIsInternal() {
    Status status =
        status(CompletableFuture.completedFuture("made"), made -> fail("a secret of the service"));

    assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getDescription())
        .startsWith("the service failed; its log says why, with the request's id ");
  }

  @Test
  void aFailureWhileTheMessageIsSentEndsTheCall() {
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    StreamObserver<ServerLiveResponse> broken =
        new StreamObserver<>() {
          @Override
          public void onNext(ServerLiveResponse message) {
            throw new IllegalStateException("a secret");
          }

          @Override
          public void onError(Throwable problem) {
            ended.complete(problem);
          }

          @Override
          public void onCompleted() {
            ended.complete(new AssertionError("completed without a message"));
          }
        };
    ServiceRequestContext context = ServiceRequestContext.of(HttpRequest.of(HttpMethod.POST, "/"));

    context
        .makeContextAware(
            () -> GrpcAnswer.send(broken, CompletableFuture.completedFuture("made"), made -> LIVE))
        .run();

    assertThat(ended)
        .succeedsWithin(Duration.ofSeconds(20))
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.status().code()).isEqualTo(500));
  }

  @Test
  void aFaultOfTheRequestKeepsItsStatus() {
    assertThat(
            status(CompletableFuture.failedFuture(Fault.notFound("no model \"x\"")), made -> LIVE)
                .getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
  }

  private static Status status(
      CompletableFuture<String> result, Function<String, ServerLiveResponse> message) {
    StatusRuntimeException[] ended = new StatusRuntimeException[1];
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> call(result, message))
        .satisfies(e -> ended[0] = e);
    return ended[0].getStatus();
  }

  private static ServerLiveResponse call(
      CompletableFuture<String> result, Function<String, ServerLiveResponse> message) {
    Limits limits = new Limits(2000, 1, 2, 1, 1, 1, Duration.ofSeconds(1));
    Server server =
        Server.builder()
            .requestTimeout(Duration.ofSeconds(20))
            .service(
                GrpcService.builder()
                    .addService(new Live(result, message))
                    .exceptionHandler(new GrpcFaults(limits))
                    .build())
            .build();
    server.start().join();
    try {
      return GrpcClients.newClient(
              "gproto+h2c://127.0.0.1:" + server.activeLocalPort(),
              GRPCInferenceServiceBlockingStub.class)
          .serverLive(ServerLiveRequest.getDefaultInstance());
    } finally {
      server.stop().join();
    }
  }
}
