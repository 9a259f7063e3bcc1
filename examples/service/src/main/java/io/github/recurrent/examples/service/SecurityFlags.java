package io.github.recurrent.examples.service;

import io.github.recurrent.examples.service.security.ProtectionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags of tokens and certificates. */
final class SecurityFlags {
  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "file with the tokens that are taken (Authorization: Bearer TOKEN), a line each; without"
              + " it none is asked for. There is no flag for a token itself: others could read it"
              + " in the list of processes")
  @Nullable Path tokens;

  @Option(
      names = "--open-metrics",
      paramLabel = "true|false",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "give /metrics without a token (default ${DEFAULT-VALUE})")
  boolean areMetricsOpen;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "certificate in PEM, with its chain: listen with TLS")
  @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "private key of the certificate in PEM (PKCS #8), without a password")
  @Nullable Path key;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description =
          "certificates in PEM of those who sign certificates of clients: whoever shows no such"
              + " certificate cannot connect, probes included")
  @Nullable Path clientCa;

  @Option(
      names = "--reload",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = TimeText.class,
      description =
          "time between two looks at the files of tokens and certificates, which are read again when"
              + " they change (default ${DEFAULT-VALUE})")
  Duration reload = Duration.ZERO;

  ProtectionOptions options() {
    return new ProtectionOptions(
        Optional.ofNullable(tokens),
        Optional.ofNullable(certificate),
        Optional.ofNullable(key),
        Optional.ofNullable(clientCa),
        reload,
        areMetricsOpen);
  }

  /** Refuses what cannot work. */
  void check(CommandSpec command) {
    if ((certificate == null) != (key == null)) {
      throw new ParameterException(
          command.commandLine(),
          certificate == null
              ? "--tls-key needs --tls-certificate"
              : "--tls-certificate needs --tls-key");
    }
    if (clientCa != null && certificate == null) {
      throw new ParameterException(
          command.commandLine(), "--tls-client-ca needs --tls-certificate and --tls-key");
    }
    ServiceOptions.requireIn(command, "--reload", reload, ServiceOptions.SHORTEST_TIME);
  }
}
