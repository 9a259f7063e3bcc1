package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.HttpHeaderNames;
import io.github.recurrent.examples.service.Service.Reply;
import io.github.recurrent.examples.service.logging.TextLine;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.github.recurrent.examples.service.protocol.ServerLiveRequest;
import io.github.recurrent.examples.service.protocol.ServerMetadataRequest;
import io.github.recurrent.examples.service.protocol.ServerReadyRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class TokenTest {
  private static final String FIRST = "first-token-0123456789";
  private static final String SECOND = "second.token_0123456789==";

  @TempDir static Path shared;
  private static Service service;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException {
    Path file = shared.resolve("tokens");
    Files.writeString(file, "# for the batch job\n" + FIRST + "\n\n  " + SECOND + "\r\n");
    service = Service.ready(shared, "--token-file=" + file);
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2", "/v2/models/hops", "/metrics", "/nothing", "/v2/health/live/"})
  void aRequestWithoutATokenIsRefused(String path) {
    Reply reply = service.get(path);

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.headers().firstValue("www-authenticate")).hasValue("Bearer");
    assertThat(reply.headers().firstValue("x-request-id")).isPresent();
    assertThat(reply.error()).isEqualTo("a token is needed here: Authorization: Bearer TOKEN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer " + FIRST, "bearer " + SECOND, "BEARER  " + FIRST})
  void eachTokenOfTheFileIsTaken(String authorization) {
    assertThat(asked(authorization).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer first-token-012345678, invalid_token",
    "Bearer first-token-01234567890, invalid_token",
    "Bearer # for the batch job, invalid_token",
    "Bearer, invalid_request",
    "Basic Zmlyc3Q6dG9rZW4=, invalid_request",
    "first-token-0123456789, invalid_request",
  })
  void otherTokensAndOtherSchemesAreRefused(String authorization, String error) {
    Reply reply = asked(authorization);

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.headers().firstValue("www-authenticate"))
        .hasValue("Bearer error=\"" + error + "\"");
  }

  @Test
  void twoTokensInARequestAreRefused() {
    HttpRequest twice =
        HttpRequest.newBuilder(service.uri("/v2"))
            .header("authorization", "Bearer " + FIRST)
            .header("authorization", "Bearer " + FIRST)
            .build();

    assertThat(service.sent(twice).join().status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/health/live", "/v2/health/ready"})
  void probesNeedNoToken(String path) {
    assertThat(service.get(path).status()).isEqualTo(200);
  }

  @Test
  void thePageNeedsNoToken() {
    assertThat(service.get("/").status()).isNotEqualTo(401);
  }

  @Test
  void metricsNeedNoTokenIfToldSo() throws IOException {
    try (Service open = started("--open-metrics")) {
      assertThat(open.get("/metrics").status()).isNotEqualTo(401);
      assertThat(open.get("/v2").status()).isEqualTo(401);
    }
  }

  @Test
  void callsOfGrpcNeedATokenButForProbes() {
    GRPCInferenceServiceBlockingStub client =
        GrpcClients.newClient("gproto+" + service.uri("/"), GRPCInferenceServiceBlockingStub.class);

    assertThat(client.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(client.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> client.serverMetadata(ServerMetadataRequest.getDefaultInstance()));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(refused.getStatus().getDescription()).startsWith("a token is needed here");
    GRPCInferenceServiceBlockingStub known =
        GrpcClients.builder("gproto+" + service.uri("/"))
            .setHeader(HttpHeaderNames.AUTHORIZATION, "Bearer " + SECOND)
            .build(GRPCInferenceServiceBlockingStub.class);
    assertThat(known.serverMetadata(ServerMetadataRequest.getDefaultInstance()).getName())
        .isEqualTo("recurrent");
  }

  @Test
  void tokensAreReadAgainWhenTheFileChanges() throws Exception {
    try (Service changing = started()) {
      Files.writeString(folder.resolve("tokens"), "a-new-token-0123456789\n");

      while (asked(changing, "Bearer a-new-token-0123456789").status() != 200) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      assertThat(asked(changing, "Bearer " + FIRST).status()).isEqualTo(401);
    }
  }

  @Test
  void aFileThatIsNoLongerValidLeavesTheTokensAndIsLoggedOnce() throws Exception {
    try (Service changing = started();
        Lines lines =
            Lines.of("io.github.recurrent.examples.service.security", new TextLine(), Level.INFO)) {
      Files.writeString(folder.resolve("tokens"), "another-token-0123456789\nsecret\n");
      while (lines.all().isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      Files.delete(folder.resolve("tokens"));
      while (lines.all().size() < 2) {
        TimeUnit.MILLISECONDS.sleep(5);
      }

      assertThat(lines.all().get(0))
          .contains("the tokens stay as they were: line 2 of ", "must be a token: 16 to 1024")
          .doesNotContain("secret");
      assertThat(lines.all().get(1)).contains("does not exist");
      assertThat(lines.all()).hasSize(2);
      assertThat(asked(changing, "Bearer " + FIRST).status()).isEqualTo(200);
      assertThat(asked(changing, "Bearer another-token-0123456789").status()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'# none', 'must have 1 to 100 tokens, a line each, but has 0'",
    "'short', 'line 1 of'",
    "'token with blanks 0123456789', 'line 1 of'",
  })
  void aFileThatIsNotValidRefusesTheStart(String content, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("tokens"), content);

    assertThatThrownBy(() -> Service.starting(folder, "--token-file=" + file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aFileThatIsNotThereOrIsAFolderRefusesTheStart() {
    assertThatThrownBy(() -> Service.starting(folder, "--token-file=" + folder.resolve("none")))
        .hasMessage(folder.resolve("none") + " does not exist");
    assertThatThrownBy(() -> Service.starting(folder, "--token-file=" + folder))
        .hasMessage(folder + " must be a regular file");
  }

  @Test
  void aFileThatEverybodyCanReadIsWarnedOf() throws IOException {
    try (Lines lines =
        Lines.of("io.github.recurrent.examples.service.security", new TextLine(), Level.INFO)) {
      started().close();
      assertThat(lines.all()).isEmpty();
      Files.setPosixFilePermissions(
          folder.resolve("tokens"), PosixFilePermissions.fromString("rw-r--r--"));
      Service.starting(folder, "--token-file=" + folder.resolve("tokens")).close();
      assertThat(lines.all()).singleElement().asString().contains("Every user of this machine");
    }
  }

  private Service started(String... more) throws IOException {
    Path file = folder.resolve("tokens");
    Files.writeString(file, FIRST + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    String[] flags = Arrays.copyOf(more, more.length + 2);
    flags[more.length] = "--token-file=" + file;
    flags[more.length + 1] = "--reload=10ms";
    return Service.starting(folder, flags);
  }

  private static Reply asked(String authorization) {
    return asked(service, authorization);
  }

  private static Reply asked(Service service, String authorization) {
    return service
        .sent(
            HttpRequest.newBuilder(service.uri("/v2"))
                .header("authorization", authorization)
                .build())
        .join();
  }
}
