package io.github.recurrent.examples.service.security;

import com.google.common.collect.ImmutableList;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A certificate and its key, and whose certificates clients must show, if they must. A connection
 * keeps those it began with; the next one gets those that the files hold by then. Thread-safe.
 */
final class Certificates implements TlsProvider {
  private static final byte[] SIGNED = "recurrent".getBytes(StandardCharsets.UTF_8);

  private final FileValue<Identity> identity;

  /**
   * What the files hold.
   *
   * @param clientAuthorities those who sign the certificates of clients; none if clients need none
   */
  private record Identity(TlsKeyPair pair, ImmutableList<X509Certificate> clientAuthorities) {}

  /**
   * Reads a certificate and its key.
   *
   * @param clientCa certificates of those who sign the certificates of clients, if clients need one
   * @throws IOException if one cannot be read, is not in PEM, is not valid now, or if they do not
   *     belong together
   */
  Certificates(Path certificate, Path key, Optional<Path> clientCa, Duration every)
      throws IOException {
    identity =
        new FileValue<>(
            "the certificates and their key",
            Stream.concat(Stream.of(certificate, key), clientCa.stream())
                .collect(ImmutableList.toImmutableList()),
            contents ->
                new Identity(
                    read(certificate, key, contents),
                    clientCa
                        .map(file -> ClientAuthorities.read(file, contents.get(2)))
                        .orElseGet(ImmutableList::of)),
            every);
  }

  private static TlsKeyPair read(Path certificate, Path key, List<byte[]> contents) {
    TlsKeyPair pair;
    try {
      pair =
          TlsKeyPair.of(
              new ByteArrayInputStream(contents.get(1)), new ByteArrayInputStream(contents.get(0)));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          certificate
              + " must be a certificate in PEM, with those between it and the root behind it, and "
              + key
              + " its private key in PEM (PKCS #8), without a password: "
              + e.getMessage(),
          e);
    }
    X509Certificate own = pair.certificateChain().get(0);
    try {
      own.checkValidity();
    } catch (CertificateExpiredException e) {
      throw new IllegalArgumentException(
          certificate + " was valid until " + own.getNotAfter().toInstant(), e);
    } catch (CertificateNotYetValidException e) {
      throw new IllegalArgumentException(
          certificate + " is not valid before " + own.getNotBefore().toInstant(), e);
    }
    if (!isPair(pair.privateKey(), own)) {
      throw new IllegalArgumentException(
          key + " must be the key of " + certificate + ", but is another");
    }
    return pair;
  }

  private static boolean isPair(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(SIGNED);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(SIGNED);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      // A key of one algorithm and a certificate of another.
      return false;
    }
  }

  @Override
  public TlsKeyPair keyPair(String hostname) {
    return identity.get().pair();
  }

  @Override
  public List<X509Certificate> trustedCertificates(String hostname) {
    return identity.get().clientAuthorities();
  }

  @Override
  public void close() {
    identity.close();
  }
}
