package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.RequestHeaders;
import io.github.recurrent.examples.service.Service.Reply;
import io.github.recurrent.examples.service.logging.TextLine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients send slowly, or read slowly, takes no more memory than it may. */
@Timeout(60)
final class MemoryTest {
  private static final String INFER = "/v2/models/hops/infer";
  private static final String GRPC = "/inference.GRPCInferenceService/ModelInfer";

  /** Queries whose answers take nearly half of the memory, and with their body half of it. */
  private static final int HALF =
      1900 / (32 * Service.CIRCUIT.checkpoint().vocabulary().size()) + 1;

  @TempDir static Path folder;
  private static Service service;
  private static WebClient client;

  /** Requests whose bodies do not end. */
  private final List<HttpRequestWriter> begun = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    service =
        Service.ready(
            folder,
            "--max-body=2000",
            "--max-memory=4000",
            "--max-iterations=10000000",
            "--max-deadline=20s");
    client = WebClient.of("h2c://127.0.0.1:" + service.server().port());
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @AfterEach
  @Timeout(60)
  void allIsGivenBack() throws InterruptedException {
    begun.forEach(HttpRequestWriter::abort);
    await(0);
  }

  @Test
  void bodiesThatDoNotEndLeaveNoRoomForOthers() throws Exception {
    HttpRequestWriter first = begun(INFER, "application/json");
    CompletableFuture<AggregatedHttpResponse> answer = client.execute(first).aggregate();
    await(1500);
    HttpRequestWriter second = begun(GRPC, "application/grpc");
    CompletableFuture<AggregatedHttpResponse> call = client.execute(second).aggregate();
    await(3000);

    AggregatedHttpResponse refused = refused("/v1/ask", "application/json");
    AggregatedHttpResponse refusedCall = refused(GRPC, "application/grpc");

    assertThat(refused.status().code()).isEqualTo(429);
    assertThat(refused.headers().get("retry-after")).isEqualTo("1");
    assertThat(refused.contentUtf8()).contains("take all 4000 bytes of memory that they may");
    assertThat(grpcStatus(refusedCall)).isEqualTo("8");
    first.abort();
    second.abort();
    assertThat(answer).failsWithin(10, TimeUnit.SECONDS);
    assertThat(call).failsWithin(10, TimeUnit.SECONDS);
    await(0);
    assertThat(service.infer("[\"<e_0><r_0>\"]", "{}").status()).isEqualTo(200);
  }

  @Test
  void aCallWhoseMessageDoesNotEndIsEndedWhenItsTimeIsUp(@TempDir Path other) throws Exception {
    try (Service hasty = Service.ready(other, "--max-deadline=50ms")) {
      AggregatedHttpResponse ended =
          WebClient.of("h2c://127.0.0.1:" + hasty.server().port())
              .execute(begun(GRPC, "application/grpc"))
              .aggregate()
              .get(20, TimeUnit.SECONDS);

      assertThat(grpcStatus(ended)).isNotEqualTo("0");
    }
  }

  @ParameterizedTest
  @CsvSource({INFER + ", application/json", GRPC + ", application/grpc"})
  void aClientThatLeavesAmidItsBodyFillsNoLog(String path, String type) throws Exception {
    try (Lines lines =
        Lines.of("io.github.recurrent.examples.service", new TextLine(), Level.INFO)) {
      HttpRequestWriter writer = begun(path, type);
      CompletableFuture<AggregatedHttpResponse> answer = client.execute(writer).aggregate();
      await(1500);

      writer.abort();

      assertThat(answer).failsWithin(10, TimeUnit.SECONDS);
      await(0);
      assertThat(lines.all()).isEmpty();
    }
  }

  @Test
  void aStreamThatNobodyReadsEndsWhereItHasNoMoreRoom() throws Exception {
    String question = "{\"query\": [\"3\", \"1\", \"0\"], \"parameters\": " + Service.ENDLESS + "}";
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(1024);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), service.server().port()));
      socket
          .getOutputStream()
          .write(
              ("POST /v1/ask HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept:"
                      + " text/event-stream\r\nContent-Length: "
                      + question.length()
                      + "\r\n\r\n"
                      + question)
                  .getBytes(StandardCharsets.US_ASCII));
      awaitStandstill();

      String events = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(events.substring(events.lastIndexOf("event: ")))
          .startsWith("event: error\n")
          .contains("bytes of memory; the limit here is 4000");
    }
  }

  @Test
  void aStreamThatIsReadMayBeLongerThanTheMemory(@TempDir Path other) throws Exception {
    int most = 200_000;
    String parameters = "{\"halting\": \"fixed\", \"iterations\": 6000}";
    try (Service talkative =
        Service.ready(other, "--max-memory=" + most, "--max-body=1000", "--max-iterations=6000")) {
      Reply reply =
          talkative
              .sent(
                  talkative
                      .request(
                          "/v1/ask",
                          "{\"query\": [\"3\", \"1\"], \"parameters\": " + parameters + "}")
                      .header("accept", "text/event-stream")
                      .build())
              .join();

      assertThat(reply.body().length()).isGreaterThan(most);
      assertThat(reply.body()).contains("event: answer");
    }
  }

  @Test
  void answersThatAreToComeLeaveNoRoomForOthers() throws Exception {
    CompletableFuture<Reply> running =
        service.posted(INFER, body(HALF, Service.ENDLESS.replace("}", ", \"deadline_ms\": 1500}")));
    await(1900);

    Reply refused = service.post(INFER, body(HALF, "{}"));

    assertThat(refused.status()).isEqualTo(429);
    assertThat(running.join().status()).isEqualTo(504);
    await(0);
    assertThat(service.post(INFER, body(HALF, "{}")).status()).isEqualTo(200);
  }

  @Test
  void whatNeverFitsIsRefusedWithTheLimit() {
    Reply refused = service.post(INFER, body(3 * HALF, "{}"));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error()).contains("; the limit here is 4000 for all requests together");
  }

  private static String body(int queries, String parameters) {
    String texts = "[" + "\"<e_0><r_0>\", ".repeat(queries - 1) + "\"<e_0><r_0>\"]";
    return Service.inferBody(texts, parameters)
        .replaceFirst("\\{", "{\"outputs\": [{\"name\": \"log_probabilities\"}], ");
  }

  private AggregatedHttpResponse refused(String path, String type) throws Exception {
    HttpRequestWriter third = begun(path, type);
    AggregatedHttpResponse refused = client.execute(third).aggregate().get(10, TimeUnit.SECONDS);
    return refused;
  }

  private static String grpcStatus(AggregatedHttpResponse reply) {
    return reply.trailers().get("grpc-status", reply.headers().get("grpc-status", ""));
  }

  private HttpRequestWriter begun(String path, String type) {
    HttpRequestWriter writer =
        HttpRequest.streaming(
            RequestHeaders.of(HttpMethod.POST, path, "content-type", type, "te", "trailers"));
    byte[] part = new byte[1500];
    // The frame of a message of gRPC that is longer, and not compressed.
    part[3] = 7;
    writer.write(HttpData.wrap(part));
    begun.add(writer);
    return writer;
  }

  /**
   * Waits until the memory was nearly full, and nothing has entered or left it for a while. The
   * system's buffers may take the rest in between, so that it need not be full at the end.
   */
  private static void awaitStandstill() throws InterruptedException {
    long most = 0;
    long last = -1;
    long since = System.nanoTime();
    while (most < 3000 || System.nanoTime() - since < TimeUnit.MILLISECONDS.toNanos(300)) {
      long taken = service.server().bytes().taken();
      most = Math.max(most, taken);
      if (taken != last) {
        last = taken;
        since = System.nanoTime();
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private static void await(long least) throws InterruptedException {
    while (least == 0
        ? service.server().bytes().taken() != 0
        : service.server().bytes().taken() < least) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
