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
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.reasoning.Distribution;
import java.nio.charset.StandardCharsets;

/**
 * The server-sent events of one question: {@code iteration} after each, then {@code answer} or
 * {@code error}. Not thread-safe: only the event loop of the request uses it.
 */
final class EventStream {
  private final Vocabulary vocabulary;
  private final HttpResponseWriter writer = HttpResponse.streaming();
  private int told;

  EventStream(Vocabulary vocabulary) {
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

  /** Tells of an iteration, unless it has. */
  void iteration(int iteration, Distribution distribution) {
    if (iteration > told) {
      told = iteration;
      send(
          "iteration",
          Json.object()
              .put("iteration", iteration)
              .setAll(AskedAnswer.of(vocabulary, distribution)));
    }
  }

  void answer(ObjectNode answer) {
    send("answer", answer);
    writer.close();
  }

  void error(Fault fault) {
    send("error", Json.error(fault.message()));
    writer.close();
  }

  private void send(String event, JsonNode data) {
    // A closed stream takes nothing, and needs nothing.
    boolean unused =
        writer.tryWrite(
            HttpData.ofUtf8(
                "event: "
                    + event
                    + "\ndata: "
                    + new String(Json.bytes(data), StandardCharsets.UTF_8)
                    + "\n\n"));
  }
}
