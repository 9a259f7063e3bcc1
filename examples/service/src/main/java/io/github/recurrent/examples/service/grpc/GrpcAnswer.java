package io.github.recurrent.examples.service.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.examples.service.answer.Unanswered;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends the one answer of a call, or why there is none. */
final class GrpcAnswer {
  private GrpcAnswer() {}

  static <T> void send(StreamObserver<T> client, T message) {
    client.onNext(message);
    client.onCompleted();
  }

  /**
   * Sends an answer once something is there that a message can be made of. Whatever fails before
   * the message is sent ends the call, so that no client waits for it in vain.
   */
  static <V extends @Nullable Object, T> void send(
      StreamObserver<T> client, CompletableFuture<V> result, Function<V, T> message) {
    ServiceRequestContext context = ServiceRequestContext.current();
    CompletableFuture<@Nullable Void> unused =
        result
            .thenApplyAsync(message, context.blockingTaskExecutor())
            .thenAccept(made -> send(client, made))
            .exceptionally(
                problem -> {
                  client.onError(Unanswered.because(context, problem));
                  return null;
                });
  }
}
