package io.github.recurrent.examples.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.recurrent.examples.service.Service.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class BoundsTest {
  private static final String ONE = "[\"<e_0><r_0>\"]";
  private static final String THREE = "[\"<e_0><r_0>\", \"<e_1><r_0>\", \"<e_2><r_0>\"]";

  @TempDir static Path folder;
  @TempDir Path other;
  private static Service service;

  @BeforeAll
  static void start() throws IOException {
    service =
        Service.ready(
            folder,
            "--batch=1",
            "--queue=3",
            "--max-rows=3",
            "--max-body=2000",
            "--max-iterations=10000000");
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @Test
  void aBodyThatIsTooLongIsRefusedBeforeItIsRead() {
    Reply reply = service.post("/v2/models/hops/infer", " ".repeat(2001));

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.error()).contains("longer than 2000 bytes");
  }

  @Test
  void aBodyOfUnknownLengthIsRefusedWhereItBecomesTooLong() {
    byte[] half = " ".repeat(1500).getBytes(UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(service.uri("/v1/ask"))
            .POST(BodyPublishers.ofByteArrays(List.of(half, half)))
            .build();

    Reply reply = service.sent(request).join();

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.error()).contains("longer than 2000 bytes");
  }

  @Test
  void aFullQueueRefusesARequestAsAWholeAndSaysWhenToTryAgain() throws Exception {
    CompletableFuture<Reply> running = endless(ONE, 1500);
    awaitRunning(1);
    CompletableFuture<Reply> waiting = endless(ONE, 1500);
    awaitWaiting(1);

    Reply refused = service.infer(THREE, "{}");

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
    assertThat(refused.error()).contains("the queue holds 3");
    awaitWaiting(1);
    assertThat(running.join().status()).isEqualTo(504);
    assertThat(waiting.join().status()).isEqualTo(504);
    assertThat(service.infer(THREE, "{}").status()).isEqualTo(200);
  }

  @Test
  void aDeadlineFailsOrAnswersAsAsked() {
    String parameters = Service.ENDLESS.replace("}", ", \"deadline_ms\": %s}");

    Reply failed = service.infer(ONE, parameters.replace("%s", "100"));
    Reply answered =
        service.infer(
            ONE, parameters.replace("%s", "1500").replace("}", ", \"on_deadline\": \"answer\"}"));

    assertThat(failed.status()).isEqualTo(504);
    assertThat(failed.error()).startsWith("no answer within PT0.1S");
    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.body()).contains("[\"deadline\"]");
  }

  @Test
  void aTimeoutInMicrosecondsIsADeadline() {
    Reply failed = service.infer(ONE, Service.ENDLESS.replace("}", ", \"timeout\": 100000}"));

    assertThat(failed.status()).isEqualTo(504);
    assertThat(failed.error()).startsWith("no answer within PT0.1S");
  }

  @Test
  void headersThatComeByteByByteAreCutOff() throws Exception {
    try (Service hasty = Service.ready(other, "--max-deadline=50ms");
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), hasty.server().port())) {
      socket
          .getOutputStream()
          .write("GET /v2/health/live HTTP/1.1\r\nhost: here\r\n".getBytes(UTF_8));

      long begin = System.nanoTime();
      assertThatThrownBy(
              () -> {
                while (System.nanoTime() - begin < 30e9) {
                  socket.getOutputStream().write("x: y\r\n".getBytes(UTF_8));
                  socket.getOutputStream().flush();
                  TimeUnit.MILLISECONDS.sleep(50);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void whoHangsUpTakesTheQueryOutOfTheBatch() throws Exception {
    long cancelled = service.server().statistics().cancelled();
    CompletableFuture<Reply> request = endless(ONE, 10_000);
    awaitRunning(1);

    request.cancel(true);

    awaitRunning(0);
    assertThat(service.server().statistics().cancelled()).isEqualTo(cancelled + 1);
  }

  private static CompletableFuture<Reply> endless(String queries, int deadline) {
    return service.posted(
        "/v2/models/hops/infer",
        Service.inferBody(
            queries, Service.ENDLESS.replace("}", ", \"deadline_ms\": " + deadline + "}")));
  }

  private static void awaitRunning(int count) throws InterruptedException {
    while (service.server().statistics().running() != count) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static void awaitWaiting(int count) throws InterruptedException {
    while (service.server().statistics().waiting() != count) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
