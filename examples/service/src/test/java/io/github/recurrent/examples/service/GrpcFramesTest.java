package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.google.common.primitives.Bytes;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.github.recurrent.examples.service.grpc.GrpcFaults;
import io.github.recurrent.examples.service.logging.TextLine;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import io.github.recurrent.examples.service.protocol.ModelMetadataRequest;
import io.github.recurrent.examples.service.protocol.ServerLiveRequest;
import io.github.recurrent.examples.service.protocol.ServerLiveResponse;
import io.github.recurrent.examples.service.request.Limits;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that break the rules of gRPC are the client's fault, which their statuses say. */
@Timeout(60)
final class GrpcFramesTest {
  private static final String SERVICE = "/inference.GRPCInferenceService/";
  private static final String METADATA = SERVICE + "ModelMetadata";
  private static final String GRPC = "application/grpc";
  private static final byte[] MESSAGE =
      ModelMetadataRequest.newBuilder().setName("hops").build().toByteArray();
  private static final int MOST = 2000;

  @TempDir static Path folder;
  private static Service service;
  private static WebClient client;

  @BeforeAll
  static void start() throws IOException {
    service = Service.ready(folder, "--max-body=" + MOST);
    client = WebClient.of("h2c://127.0.0.1:" + service.server().port());
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @Test
  void aFrameOfTheRightFormIsAnswered() throws IOException {
    assertThat(call(GRPC, frame(0, MESSAGE))).isEqualTo("OK");
    assertThat(call(headers(GRPC).add("grpc-encoding", "gzip"), frame(1, zipped(MESSAGE))))
        .isEqualTo("OK");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 64, 126, 255})
  void flagsThatMeanNothingHereAreNotValid(int flags) {
    assertThat(call(GRPC, frame(flags, MESSAGE))).isEqualTo("INVALID_ARGUMENT");
  }

  @ParameterizedTest
  @CsvSource({
    "7, INVALID_ARGUMENT",
    "1999, INVALID_ARGUMENT",
    "2001, RESOURCE_EXHAUSTED",
    "2147483647, RESOURCE_EXHAUSTED",
    "-1, RESOURCE_EXHAUSTED",
    "1, INVALID_ARGUMENT"
  })
  void aLengthThatTheMessageDoesNotHaveIsNotValid(int length, String code) {
    byte[] frame = frame(0, MESSAGE);
    ByteBuffer.wrap(frame).putInt(1, length);

    assertThat(call(GRPC, frame)).isEqualTo(code);
  }

  @Test
  void aCallWithoutAWholeFrameIsNotValid() {
    for (int length = 0; length < 5 + MESSAGE.length; length++) {
      assertThat(call(GRPC, Arrays.copyOf(frame(0, MESSAGE), length)))
          .as("%s bytes", length)
          .isEqualTo("INVALID_ARGUMENT");
    }
  }

  @Test
  void aMessageThatIsNotCompressedAsItSaysIsNotValid() throws IOException {
    RequestHeadersBuilder gzip = headers(GRPC).add("grpc-encoding", "gzip");
    byte[] zipped = zipped(MESSAGE);

    assertThat(call(gzip, frame(1, MESSAGE))).isEqualTo("INVALID_ARGUMENT");
    assertThat(call(gzip, frame(1, Arrays.copyOf(zipped, zipped.length - 9))))
        .isEqualTo("INVALID_ARGUMENT");
    assertThat(call(gzip, frame(1, zipped(new byte[100 * MOST])))).isEqualTo("RESOURCE_EXHAUSTED");
  }

  @Test
  void aCompressionThatIsNotKnownIsNotImplemented() {
    AggregatedHttpResponse answer =
        answer(headers(GRPC).add("grpc-encoding", "snappy"), frame(1, MESSAGE));

    assertThat(code(answer)).isEqualTo("UNIMPLEMENTED");
    assertThat(answer.headers().get("grpc-message")).contains("by \"snappy\" here, but by gzip");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/grpc+json", "application/grpc-web", "application/grpc-web-text"})
  void otherFormsOfMessagesAreReadOrNotValid(String type) {
    byte[] damaged = frame(0, new byte[] {'{', '=', 'n', -1, '~', 0});

    assertThat(call(type, damaged)).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void messagesForBrowsersAreAnswered() {
    byte[] text = Base64.getEncoder().encode(frame(0, MESSAGE));

    String answer =
        new String(
            Base64.getMimeDecoder()
                .decode(answer(headers("application/grpc-web-text"), text).contentUtf8()),
            StandardCharsets.ISO_8859_1);
    assertThat(answer).contains("recurrent_onnx");
  }

  @Test
  void whatIsNotACallOfGrpcGetsAStatusOfHttp() {
    AggregatedHttpResponse json = answer(headers("application/json"), frame(0, MESSAGE));
    assertThat(json.status().code()).isEqualTo(415);
    assertThat(json.contentUtf8()).isEqualTo("{\"error\":\"Unsupported Media Type\"}");
    assertThat(client.get(METADATA).aggregate().join().status().code()).isEqualTo(405);
    assertThat(
            client
                .execute(
                    RequestHeaders.of(HttpMethod.POST, SERVICE + "Other", "content-type", GRPC),
                    HttpData.wrap(frame(0, MESSAGE)))
                .aggregate()
                .join()
                .status()
                .code())
        .isEqualTo(404);
  }

  @Test
  void aCallThatIsNotCompleteInTimeIsLate(@TempDir Path other) throws Exception {
    try (Service hasty = Service.ready(other, "--max-deadline=50ms")) {
      HttpRequestWriter call = HttpRequest.streaming(headers(GRPC).build());
      call.write(HttpData.wrap(new byte[] {0, 0, 0, 0, 7}));

      AggregatedHttpResponse ended =
          WebClient.of("h2c://127.0.0.1:" + hasty.server().port())
              .execute(call)
              .aggregate()
              .get(20, TimeUnit.SECONDS);

      assertThat(code(ended)).isEqualTo("DEADLINE_EXCEEDED");
    }
  }

  /** Fails in the one method that needs nothing. */
  private static final class Failing extends GRPCInferenceServiceImplBase {
    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> live) {
      throw new IllegalStateException("a secret");
    }
  }

  @Test
  void aFailureOfTheServiceIsInternalAndStandsInTheLog() {
    Limits limits = new Limits(MOST, 1, 2, 1, 1, 1, Duration.ofSeconds(1));
    Server failing =
        Server.builder()
            .service(
                GrpcService.builder()
                    .addService(new Failing())
                    .exceptionHandler(new GrpcFaults(limits))
                    .build())
            .build();
    failing.start().join();
    try (Lines lines =
        Lines.of("io.github.recurrent.examples.service.answer", new TextLine(), Level.INFO)) {
      AggregatedHttpResponse answer =
          WebClient.of("h2c://127.0.0.1:" + failing.activeLocalPort())
              .execute(
                  RequestHeaders.of(HttpMethod.POST, SERVICE + "ServerLive", "content-type", GRPC),
                  HttpData.wrap(frame(0, new byte[0])))
              .aggregate()
              .join();

      assertThat(code(answer)).isEqualTo("INTERNAL");
      assertThat(answer.headers().get("grpc-message"))
          .startsWith("the service failed; its log says why, with the request's id ");
      assertThat(lines.all())
          .singleElement()
          .asString()
          .contains("IllegalStateException: a secret");
    } finally {
      CompletableFuture<Void> unused = failing.stop();
    }
  }

  private static RequestHeadersBuilder headers(String type) {
    return RequestHeaders.builder(HttpMethod.POST, METADATA)
        .add("content-type", type)
        .add("te", "trailers");
  }

  private static String call(String type, byte[] body) {
    return call(headers(type), body);
  }

  private static String call(RequestHeadersBuilder headers, byte[] body) {
    return code(answer(headers, body));
  }

  private static AggregatedHttpResponse answer(RequestHeadersBuilder headers, byte[] body) {
    return client.execute(headers.build(), HttpData.wrap(body)).aggregate().join();
  }

  private static String code(AggregatedHttpResponse answer) {
    return Status.fromCodeValue(
            Integer.parseInt(
                answer.trailers().get("grpc-status", answer.headers().get("grpc-status", "2"))))
        .getCode()
        .name();
  }

  private static byte[] frame(int flags, byte[] message) {
    return Bytes.concat(
        ByteBuffer.allocate(5).put((byte) flags).putInt(message.length).array(), message);
  }

  private static byte[] zipped(byte[] message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(message);
    }
    return bytes.toByteArray();
  }
}
