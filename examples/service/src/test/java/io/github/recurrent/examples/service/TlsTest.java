package io.github.recurrent.examples.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.TlsKeyPair;
import io.github.recurrent.examples.service.logging.TextLine;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.github.recurrent.examples.service.protocol.ServerReadyRequest;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class TlsTest {
  private static final TlsKeyPair FIRST = TlsKeyPair.ofSelfSigned("localhost");
  private static final TlsKeyPair SECOND = TlsKeyPair.ofSelfSigned("localhost");
  private static final TlsKeyPair CLIENT = TlsKeyPair.ofSelfSigned("client");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Version.class)
  void bothVersionsOfHttpAreSpokenOverTls(Version version) throws Exception {
    write(FIRST);
    try (Service service = started()) {
      HttpResponse<String> live =
          HttpClient.newBuilder()
              .version(version)
              .sslContext(trusting(FIRST))
              .build()
              .send(
                  HttpRequest.newBuilder(uri(service, "/v2/health/live")).build(),
                  BodyHandlers.ofString());

      assertThat(live.statusCode()).isEqualTo(200);
      assertThat(live.version()).isEqualTo(version);
    }
  }

  @Test
  void grpcIsSpokenOverTls() throws Exception {
    write(FIRST);
    try (Service service = Service.ready(folder, flags());
        ClientFactory factory =
            ClientFactory.builder()
                .tlsCustomizer(tls -> tls.trustManager(FIRST.certificateChain()))
                .build()) {
      GRPCInferenceServiceBlockingStub client =
          GrpcClients.builder("gproto+" + uri(service, "/"))
              .factory(factory)
              .build(GRPCInferenceServiceBlockingStub.class);

      assertThat(client.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
    }
  }

  @Test
  void plainRequestsAreNotTaken() throws Exception {
    write(FIRST);
    try (Service service = started()) {
      assertThatThrownBy(() -> service.get("/v2/health/live"))
          .hasRootCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void aNewCertificateIsShownToNewConnectionsWhileOldOnesGoOn() throws Exception {
    write(FIRST);
    try (Service service = started();
        SSLSocket old = connected(service, FIRST)) {
      assertThat(status(old)).contains("200");

      write(SECOND);

      while (!shown(service).equals(SECOND.certificateChain().get(0))) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      assertThat(status(old)).contains("200");
    }
  }

  @Test
  void aPairThatDoesNotFitLeavesTheOldOneAndIsLogged() throws Exception {
    write(FIRST);
    try (Service service = started();
        Lines lines =
            Lines.of("io.github.recurrent.examples.service.security", new TextLine(), Level.INFO)) {
      Files.writeString(folder.resolve("key.pem"), key(SECOND));
      while (lines.all().isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(5);
      }

      assertThat(lines.all().get(0)).contains("must be the key of ", "but is another");
      assertThat(shown(service)).isEqualTo(FIRST.certificateChain().get(0));
    }
  }

  @Test
  void filesThatAreNotAPairRefuseTheStart() throws Exception {
    write(FIRST);
    Files.writeString(folder.resolve("key.pem"), key(SECOND));
    assertThatThrownBy(this::started)
        .isInstanceOf(IOException.class)
        .hasMessage(
            folder.resolve("key.pem")
                + " must be the key of "
                + folder.resolve("certificate.pem")
                + ", but is another");

    Files.writeString(folder.resolve("key.pem"), "no key");
    assertThatThrownBy(this::started)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("its private key in PEM (PKCS #8), without a password");

    Files.delete(folder.resolve("key.pem"));
    assertThatThrownBy(this::started).hasMessage(folder.resolve("key.pem") + " does not exist");
  }

  @Test
  void aKeyThatEverybodyCanReadIsWarnedOf() throws Exception {
    write(FIRST);
    Files.setPosixFilePermissions(
        folder.resolve("key.pem"), PosixFilePermissions.fromString("rw-r--r--"));
    try (Lines lines =
        Lines.of("io.github.recurrent.examples.service.security", new TextLine(), Level.INFO)) {
      started().close();
      assertThat(lines.all())
          .singleElement()
          .asString()
          .contains("Every user of this machine can read " + folder.resolve("key.pem"));
    }
  }

  @Test
  void onlyClientsWithACertificateOfTheRightAuthorityConnect() throws Exception {
    write(FIRST);
    writeAuthority(CLIENT);
    try (Service service = Service.starting(folder, flagsForClients())) {
      assertThat(live(service, CLIENT)).contains("200");
      assertThatThrownBy(() -> live(service)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> live(service, SECOND)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anotherAuthorityHoldsForNewConnections() throws Exception {
    write(FIRST);
    writeAuthority(CLIENT);
    try (Service service = Service.starting(folder, flagsForClients());
        Lines lines =
            Lines.of("io.github.recurrent.examples.service.security", new TextLine(), Level.INFO)) {
      assertThat(live(service, CLIENT)).contains("200");

      writeAuthority(SECOND);
      while (lines.all().isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(5);
      }

      assertThat(live(service, SECOND)).contains("200");
      assertThatThrownBy(() -> live(service, CLIENT)).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no certificate", "-----BEGIN CERTIFICATE-----\nAA==\n"})
  void aFileWithoutAnAuthorityRefusesTheStart(String content) throws Exception {
    write(FIRST);
    Files.writeString(folder.resolve("clients.pem"), content);

    assertThatThrownBy(() -> Service.starting(folder, flagsForClients()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            folder.resolve("clients.pem")
                + " must have the certificates in PEM of those who sign certificates of clients");
  }

  private String[] flagsForClients() {
    return Stream.concat(
            Stream.of(flags()), Stream.of("--tls-client-ca=" + folder.resolve("clients.pem")))
        .toArray(String[]::new);
  }

  private void writeAuthority(TlsKeyPair pair) throws Exception {
    Files.writeString(
        folder.resolve("clients.pem"),
        pem("CERTIFICATE", pair.certificateChain().get(0).getEncoded()));
  }

  /** Asks over a connection of its own, as a client that shows a certificate if it has one. */
  private static String live(Service service, TlsKeyPair... client) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            context(keys(client), FIRST)
                .getSocketFactory()
                .createSocket("127.0.0.1", service.server().port())) {
      // A client whose certificate is refused may learn so when it reads.
      return status(socket);
    }
  }

  private static KeyManager[] keys(TlsKeyPair... pairs) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (TlsKeyPair pair : pairs) {
      store.setKeyEntry(
          "client",
          pair.privateKey(),
          new char[0],
          pair.certificateChain().toArray(Certificate[]::new));
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, new char[0]);
    return managers.getKeyManagers();
  }

  private Service started() throws IOException {
    return Service.starting(folder, flags());
  }

  private String[] flags() {
    return new String[] {
      "--tls-certificate=" + folder.resolve("certificate.pem"),
      "--tls-key=" + folder.resolve("key.pem"),
      "--reload=10ms"
    };
  }

  private void write(TlsKeyPair pair) throws Exception {
    Path file = folder.resolve("certificate.pem");
    Files.writeString(file, pem("CERTIFICATE", pair.certificateChain().get(0).getEncoded()));
    Files.writeString(folder.resolve("key.pem"), key(pair));
    Files.setPosixFilePermissions(
        folder.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
  }

  private static String key(TlsKeyPair pair) {
    return pem("PRIVATE KEY", pair.privateKey().getEncoded());
  }

  private static String pem(String what, byte[] content) {
    return String.format(
        Locale.ROOT,
        "-----BEGIN %s-----%n%s%n-----END %s-----%n",
        what,
        Base64.getMimeEncoder().encodeToString(content),
        what);
  }

  private static URI uri(Service service, String path) {
    return URI.create("https://localhost:" + service.server().port() + path);
  }

  private static SSLContext trusting(TlsKeyPair... pairs) throws GeneralSecurityException {
    return context(new KeyManager[0], pairs);
  }

  private static SSLContext context(KeyManager[] keys, TlsKeyPair... pairs)
      throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (TlsKeyPair pair : pairs) {
        X509Certificate certificate = pair.certificateChain().get(0);
        store.setCertificateEntry(certificate.getSerialNumber().toString(), certificate);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, managers.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static SSLSocket connected(Service service, TlsKeyPair... trusted) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            trusting(trusted).getSocketFactory().createSocket("127.0.0.1", service.server().port());
    socket.startHandshake();
    return socket;
  }

  private static Certificate shown(Service service) throws Exception {
    try (SSLSocket socket = connected(service, FIRST, SECOND)) {
      return Arrays.asList(socket.getSession().getPeerCertificates()).get(0);
    }
  }

  /** Asks over a connection of HTTP/1.1, which goes on. */
  private static String status(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
    BufferedReader answer =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    String status = answer.readLine();
    if (status == null) {
      throw new EOFException("the connection was closed");
    }
    int length = 0;
    for (String line = answer.readLine(); !line.isEmpty(); line = answer.readLine()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    assertThat(answer.skip(length)).isEqualTo(length);
    return status;
  }
}
