package io.github.recurrent.examples.service.security;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerTlsConfig;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** The tokens and the certificate of a service, each if it is wanted. Thread-safe. */
public final class Protection implements AutoCloseable {
  /** What probes ask, and the page, which a browser asks for without a token. */
  private static final ImmutableSet<String> OPEN =
      ImmutableSet.of(
          "/",
          "/v2/health/live",
          "/v2/health/ready",
          "/" + GRPCInferenceServiceGrpc.getServerLiveMethod().getFullMethodName(),
          "/" + GRPCInferenceServiceGrpc.getServerReadyMethod().getFullMethodName());

  private static final String METRICS = "/metrics";

  private final Optional<FileValue<Tokens>> tokens;
  private final Optional<Certificates> certificates;
  private final ClientAuth clientCertificates;
  private final boolean areMetricsOpen;

  private Protection(
      Optional<FileValue<Tokens>> tokens,
      Optional<Certificates> certificates,
      ClientAuth clientCertificates,
      boolean areMetricsOpen) {
    this.tokens = tokens;
    this.certificates = certificates;
    this.clientCertificates = clientCertificates;
    this.areMetricsOpen = areMetricsOpen;
  }

  /**
   * Reads the files, and goes on to watch them.
   *
   * @throws IOException if one cannot be read, or is not what it must be
   */
  public static Protection of(ProtectionOptions options) throws IOException {
    Optional<FileValue<Tokens>> tokens = Optional.empty();
    Optional<Certificates> certificates = Optional.empty();
    if (options.tokens().isPresent()) {
      Path file = options.tokens().orElseThrow();
      tokens =
          Optional.of(
              new FileValue<>(
                  "the tokens",
                  ImmutableList.of(file),
                  contents -> Tokens.read(file, contents.get(0)),
                  options.reload()));
      Permissions.warnIfOpen(file);
    }
    if (options.key().isPresent()) {
      Path key = options.key().orElseThrow();
      certificates =
          Optional.of(
              new Certificates(
                  options.certificate().orElseThrow(), key, options.clientCa(), options.reload()));
      Permissions.warnIfOpen(key);
    }
    return new Protection(
        tokens,
        certificates,
        options.clientCa().isPresent() ? ClientAuth.REQUIRE : ClientAuth.NONE,
        options.areMetricsOpen());
  }

  /**
   * Lets a server listen, with TLS if there is a certificate, and check tokens if there are some.
   */
  public void apply(ServerBuilder server, InetSocketAddress address) {
    certificates.ifPresentOrElse(
        provider ->
            server
                .https(address)
                .tlsProvider(
                    provider, ServerTlsConfig.builder().clientAuth(clientCertificates).build()),
        () -> server.http(address));
    tokens.ifPresent(
        taken ->
            server.decorator(
                new BearerTokens(
                    taken::get,
                    areMetricsOpen
                        ? ImmutableSet.<String>builder().addAll(OPEN).add(METRICS).build()
                        : OPEN)));
  }

  /** Returns {@code https} or {@code http}. */
  public String scheme() {
    return certificates.isPresent() ? "https" : "http";
  }

  @Override
  public void close() {
    tokens.ifPresent(FileValue::close);
    certificates.ifPresent(Certificates::close);
  }
}
