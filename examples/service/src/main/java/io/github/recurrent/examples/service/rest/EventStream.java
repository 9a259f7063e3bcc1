package io.github.recurrent.examples.service.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.serving.BytesUnderWay;
import io.github.recurrent.reasoning.Distribution;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * The server-sent events of one question: {@code iteration} after each, then {@code answer} or
 * {@code error}. Events that a slow client has not taken yet count as memory of its request. Not
 * thread-safe: only the event loop of the request uses it.
 */
final class EventStream {
  private final ServiceRequestContext context;
  private final Vocabulary vocabulary;
  private final HttpResponseWriter writer = HttpResponse.streaming();
  private int told;

  EventStream(ServiceRequestContext context, Vocabulary vocabulary) {
    this.context = context;
    this.vocabulary = vocabulary;
    writer.write(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.EVENT_STREAM)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
            .build());
  }

  HttpResponse response() {
    return writer;
  }

  /** Tells of an iteration, unless it has; ends the stream if there is no room for the event. */
  void iteration(int iteration, Distribution distribution) {
    if (iteration <= told || !writer.isOpen()) {
      return;
    }
    told = iteration;
    HttpData event =
        event(
            "iteration",
            Json.object()
                .put("iteration", iteration)
                .setAll(AskedAnswer.of(vocabulary, distribution)));
    int length = event.length();
    try {
      BytesUnderWay.take(context, length);
    } catch (Fault fault) {
      error(fault);
      return;
    }
    send(event);
    CompletableFuture<Void> unused =
        writer.whenConsumed().thenRun(() -> BytesUnderWay.giveBack(context, length));
  }

  void answer(ObjectNode answer) {
    send(event("answer", answer));
    writer.close();
  }

  void error(Fault fault) {
    send(event("error", Json.error(fault.message())));
    writer.close();
  }

  private void send(HttpData event) {
    // A closed stream takes nothing, and needs nothing.
    boolean unused = writer.tryWrite(event);
  }

  private static HttpData event(String name, JsonNode data) {
    return HttpData.ofUtf8(
        "event: "
            + name
            + "\ndata: "
            + new String(Json.bytes(data), StandardCharsets.UTF_8)
            + "\n\n");
  }
}
