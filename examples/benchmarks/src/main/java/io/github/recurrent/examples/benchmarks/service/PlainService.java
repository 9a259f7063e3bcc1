package io.github.recurrent.examples.benchmarks.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Post;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.AdaptiveCall;
import io.github.recurrent.reasoning.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * The plainest server there is, to compare with: every request is one call of {@code model.onnx},
 * on a thread of the pool that takes requests.
 */
public final class PlainService {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AdaptiveCall call;

  private PlainService(AdaptiveCall call) {
    this.call = call;
  }

  /** Answers a text. */
  @Blocking
  @Post(Requests.INFER)
  public HttpResponse infer(AggregatedHttpRequest request) throws IOException {
    JsonNode body = JSON.readTree(request.content().array());
    Query query = Query.parse(body.at("/inputs/0/data/0").asText());
    Answer answer = call.answer(ImmutableList.of(query), Requests.HALTING).get(0);
    return HttpResponse.ofJson(
        ImmutableMap.of(
            "answer", answer.token(),
            "probability", answer.probability(),
            "iterations", answer.iterations()));
  }

  /** Serves the model in a folder until the process is told to end. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    // Side by side, calls of a thread each bear the most.
    PlainService service = new PlainService(AdaptiveCall.load(Path.of(arguments[0]), 1));
    Server server =
        Server.builder()
            .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .blockingTaskExecutor(Runtime.getRuntime().availableProcessors())
            .requestTimeoutMillis(0)
            .annotatedService(service)
            .build();
    server.start().join();
    System.out.println("http://127.0.0.1:" + server.activeLocalPort());
    new CountDownLatch(1).await();
  }
}
