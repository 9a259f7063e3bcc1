package io.github.recurrent.examples.service.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may read a secret. */
final class Permissions {
  private static final Logger LOG = LoggerFactory.getLogger(Permissions.class);

  private Permissions() {}

  /** Warns of a secret that every user of this machine can read. */
  static void warnIfOpen(Path secret) throws IOException {
    try {
      if (Files.getPosixFilePermissions(secret).contains(PosixFilePermission.OTHERS_READ)) {
        LOG.warn("Every user of this machine can read {}; chmod o= {} mends this", secret, secret);
      }
    } catch (UnsupportedOperationException e) {
      LOG.debug("{} has no permissions of POSIX", secret, e);
    }
  }
}
