package io.github.recurrent.examples.service.security;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a service is protected.
 *
 * @param tokens the file with the tokens; without it none is asked for
 * @param certificate the certificate in PEM; there is one where there is a key
 * @param key its private key in PEM; without them there is no TLS
 * @param clientCa the certificates of those who sign those of clients; without it clients need none
 * @param reload the time between two looks at the files
 * @param areMetricsOpen whether the metrics are given without a token
 */
public record ProtectionOptions(
    Optional<Path> tokens,
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<Path> clientCa,
    Duration reload,
    boolean areMetricsOpen) {

  public ProtectionOptions {
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException("a certificate and its key must be given together");
    }
    if (clientCa.isPresent() && certificate.isEmpty()) {
      throw new IllegalArgumentException("clients show certificates only where there is TLS");
    }
  }
}
