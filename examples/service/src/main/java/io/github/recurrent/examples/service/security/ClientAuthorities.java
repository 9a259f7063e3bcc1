package io.github.recurrent.examples.service.security;

import com.google.common.collect.ImmutableList;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;

/** Reads the certificates of those who may sign certificates of clients. */
final class ClientAuthorities {
  private ClientAuthorities() {}

  /**
   * Reads certificates in PEM.
   *
   * @throws IllegalArgumentException if there is none, or one is not a certificate
   */
  static ImmutableList<X509Certificate> read(Path file, byte[] content) {
    Collection<? extends Certificate> certificates;
    try {
      certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(content));
    } catch (CertificateException e) {
      throw new IllegalArgumentException(mustBe(file) + ": " + e.getMessage(), e);
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException(mustBe(file) + ", but has none");
    }
    return certificates.stream()
        .map(X509Certificate.class::cast)
        .collect(ImmutableList.toImmutableList());
  }

  private static String mustBe(Path file) {
    return file + " must have the certificates in PEM of those who sign certificates of clients";
  }
}
