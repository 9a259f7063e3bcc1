package io.github.recurrent.examples.benchmarks.service;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Locale;

/** A certificate that nobody trusts, and its key, made by the JDK's keytool, as PEM files. */
final class Certificate {
  private static final String PASSWORD = "changeit";

  private Certificate() {}

  static Path certificate(Path folder) {
    return folder.resolve("certificate.pem");
  }

  static Path key(Path folder) {
    return folder.resolve("key.pem");
  }

  /** Makes a certificate for this machine, and puts it in the place of the one before. */
  static void write(Path folder) throws IOException, InterruptedException {
    Path store = Files.createTempDirectory("certificate").resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "service",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed: " + output);
    }
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(new ByteArrayInputStream(Files.readAllBytes(store)), PASSWORD.toCharArray());
      write(certificate(folder), "CERTIFICATE", keys.getCertificate("service").getEncoded());
      write(
          key(folder), "PRIVATE KEY", keys.getKey("service", PASSWORD.toCharArray()).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IOException("what keytool has made cannot be read", e);
    }
  }

  private static void write(Path file, String kind, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Replaced.file(
        file,
        String.format(Locale.ROOT, "-----BEGIN %s-----%n%s%n-----END %s-----%n", kind, text, kind));
  }
}
