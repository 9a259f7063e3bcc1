package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.client.grpc.GrpcClients;
import io.github.recurrent.examples.service.Service.Reply;
import io.github.recurrent.examples.service.logging.JsonLine;
import io.github.recurrent.examples.service.logging.LogFormat;
import io.github.recurrent.examples.service.logging.LogLines;
import io.github.recurrent.examples.service.logging.TextLine;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.github.recurrent.examples.service.protocol.ModelReadyRequest;
import io.github.recurrent.examples.service.request.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(60)
final class LogTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String TOKEN = "a-secret-token-0123456789";

  @TempDir static Path folder;
  private static Service service;

  @BeforeAll
  static void start() throws IOException {
    Path tokens = Files.writeString(folder.resolve("tokens"), TOKEN);
    service =
        Service.ready(
            folder, "--access-log", "--max-iterations=10000000", "--token-file=" + tokens);
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @Test
  void aRequestIsOneLineWithWhatItDid() {
    JsonNode line =
        line(
            service
                .request(
                    "/v2/models/hops/infer?key=secret",
                    Service.inferBody("[\"<e_0><r_0>\", \"<e_1><r_0><r_0>\"]", "{}"))
                .header("authorization", "Bearer " + TOKEN)
                .header("x-request-id", "order-17")
                .header("traceparent", "00-" + TRACE + "-" + SPAN + "-01"));

    assertThat(line.path("level").asText()).isEqualTo("INFO");
    assertThat(line.path("logger").asText()).isEqualTo("access");
    assertThat(line.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    assertThat(line.path("method").asText()).isEqualTo("POST");
    assertThat(line.path("path").asText()).isEqualTo("/v2/models/hops/infer");
    assertThat(line.path("status").isInt()).isTrue();
    assertThat(line.path("status").asInt()).isEqualTo(200);
    assertThat(line.path("milliseconds").isNumber()).isTrue();
    assertThat(line.path("queries").asInt()).isEqualTo(2);
    assertThat(line.path("iterations").asInt()).isGreaterThanOrEqualTo(2);
    assertThat(line.path("request_id").asText()).isEqualTo("order-17");
    assertThat(line.path("trace_id").asText()).isEqualTo(TRACE);
    assertThat(line.path("parent_span_id").asText()).isEqualTo(SPAN);
    assertThat(line.toString()).doesNotContain("secret");
  }

  @Test
  void aCallOfGrpcTellsItsStatus() throws InterruptedException {
    try (Lines lines = Lines.of("access", new JsonLine(), Level.INFO)) {
      GRPCInferenceServiceBlockingStub client =
          GrpcClients.builder("gproto+" + service.uri("/"))
              .setHeader("authorization", "Bearer " + TOKEN)
              .build(GRPCInferenceServiceBlockingStub.class);
      assertThatThrownBy(
              () -> client.modelReady(ModelReadyRequest.newBuilder().setName("none").build()))
          .isNotNull();
      JsonNode line = first(lines);

      assertThat(line.path("status").asInt()).isEqualTo(200);
      assertThat(line.path("grpc_status").asInt()).isEqualTo(5);
    }
  }

  @Test
  void aRefusedRequestIsALineToo() {
    JsonNode line = line(HttpRequest.newBuilder(service.uri("/v2")));

    assertThat(line.path("status").asInt()).isEqualTo(401);
    assertThat(line.path("queries").isMissingNode()).isTrue();
  }

  @Test
  void aRequestWhoseClientIsGoneHasNoStatusButACause() throws Exception {
    try (Lines lines = Lines.of("access", new JsonLine(), Level.INFO)) {
      String body = Service.inferBody("[\"<e_0><r_0>\"]", Service.ENDLESS);
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), service.server().port())) {
        client
            .getOutputStream()
            .write(
                String.format(
                        Locale.ROOT,
                        "POST /v2/models/hops/infer HTTP/1.1\r\nHost: localhost\r\n"
                            + "Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s",
                        TOKEN,
                        body.length(),
                        body)
                    .getBytes(StandardCharsets.UTF_8));
        while (service.server().statistics().running() != 1) {
          TimeUnit.MILLISECONDS.sleep(5);
        }
      }
      JsonNode line = first(lines);

      assertThat(line.has("status")).isFalse();
      assertThat(line.path("cause").asText()).isEqualTo("ClosedSessionException");
    }
  }

  @Test
  void theFormatOfLinesIsChosen() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var appender =
        (OutputStreamAppender<?>) context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console");
    try {
      LogLines.use(LogFormat.JSON);
      assertThat(appender.getEncoder()).isInstanceOf(JsonLine.class);
    } finally {
      LogLines.use(LogFormat.TEXT);
    }
    assertThat(appender.getEncoder()).isInstanceOf(TextLine.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "0af7651916cd43dd", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "a/b=="})
  void theIdThatAClientChoseComesBack(String id) {
    assertThat(answeredId(id)).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\"b", "<script>", "a\tb"})
  void anIdThatIsStrangeIsReplaced(String id) {
    assertThat(answeredId(id)).matches("[0-9a-f]{16}");
  }

  @Test
  void anIdThatIsTooLongOrSentTwiceIsReplaced() {
    assertThat(answeredId("7".repeat(128))).hasSize(128);
    assertThat(answeredId("7".repeat(129))).hasSize(16);
    Reply twice =
        service
            .sent(
                HttpRequest.newBuilder(service.uri("/v2/health/live"))
                    .header("x-request-id", "1")
                    .header("x-request-id", "2")
                    .build())
            .join();
    assertThat(twice.headers().firstValue("x-request-id").orElseThrow()).hasSize(16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-" + TRACE + "-" + SPAN + "-01",
        "cc-" + TRACE + "-" + SPAN + "-09-what-comes-later",
        "00-" + TRACE + "-" + SPAN + "-00"
      })
  void theTraceOfEachVersionIsRead(String parent) {
    assertThat(traced(parent).path("trace_id").asText()).isEqualTo(TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "cc-" + TRACE + "-" + SPAN + "-01.more",
        "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-1",
        " 00-" + TRACE + "-" + SPAN + "-0g"
      })
  void aTraceThatIsNotValidIsIgnored(String parent) {
    JsonNode line = traced(parent);

    assertThat(line.path("status").asInt()).isEqualTo(200);
    assertThat(line.has("trace_id")).isFalse();
  }

  @Test
  void noTokenIsLoggedAtAnyLevel() throws Exception {
    String wrong = "a-wrong-token-0123456789";
    try (Lines ours = Lines.of("io.github.recurrent", new TextLine(), Level.TRACE);
        Lines access = Lines.of("access", new TextLine(), Level.TRACE)) {
      for (String token : new String[] {TOKEN, wrong}) {
        assertThat(
                service
                    .sent(
                        service
                            .request("/v1/ask", "{\"query\": 7}")
                            .header("authorization", "Bearer " + token)
                            .build())
                    .join()
                    .body())
            .doesNotContain(token);
      }
      while (access.all().size() < 2) {
        TimeUnit.MILLISECONDS.sleep(5);
      }

      assertThat(String.join("", ours.all()) + String.join("", access.all()))
          .doesNotContain(TOKEN, wrong, "Bearer", "uthorization");
    }
  }

  @Test
  void noTextBreaksALineOrChangesHowItIsShown() {
    String strange = "a\nb\r\u0085\u2028\u202e\u0000\u001b[31m\"}{";
    try (Lines text = Lines.of("strange", new TextLine(), Level.INFO);
        Lines json = Lines.of("strange", new JsonLine(), Level.INFO)) {
      LoggerFactory.getLogger("strange")
          .atInfo()
          .addKeyValue("path", strange)
          .setCause(new IllegalStateException(strange))
          .log(strange);

      JsonNode line = json(json.all().get(0));
      assertThat(json.all().get(0).indexOf('\n')).isEqualTo(json.all().get(0).length() - 1);
      assertThat(line.path("message").asText()).isEqualTo(strange);
      assertThat(line.path("path").asText()).isEqualTo(strange);
      assertThat(line.path("stack_trace").asText()).contains("IllegalStateException");
      String[] lines = text.all().get(0).split("\n", -1);
      assertThat(lines[0])
          .endsWith("path=a\\u000ab\\u000d\\u0085\\u2028\\u202e\\u0000\\u001b[31m\"}{");
      for (int index = 1; index < lines.length - 1; index++) {
        assertThat(lines[index]).startsWith("    ");
      }
      assertThat(text.all().get(0)).doesNotContain("\u001b", "\u202e", "\r", "\t");
    }
  }

  private static JsonNode traced(String parent) {
    return line(
        HttpRequest.newBuilder(service.uri("/v2/health/live")).header("traceparent", parent));
  }

  private static String answeredId(String id) {
    return service
        .sent(
            HttpRequest.newBuilder(service.uri("/v2/health/live"))
                .header("x-request-id", id)
                .build())
        .join()
        .headers()
        .firstValue("x-request-id")
        .orElseThrow();
  }

  /** Sends a request, and returns its line. */
  private static JsonNode line(HttpRequest.Builder request) {
    try (Lines lines = Lines.of("access", new JsonLine(), Level.INFO)) {
      service.sent(request.build()).join();
      return first(lines);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode first(Lines lines) throws InterruptedException {
    while (lines.all().isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return json(lines.all().get(0));
  }

  private static JsonNode json(String line) {
    return Json.read(line.getBytes(StandardCharsets.UTF_8));
  }
}
