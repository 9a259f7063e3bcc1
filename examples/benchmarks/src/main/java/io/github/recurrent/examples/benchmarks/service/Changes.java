package io.github.recurrent.examples.benchmarks.service;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What changes while a service works: a new version of its model, tokens, the certificate, and the
 * end of the process, all under load. Every answer is compared; a request that was taken must be
 * answered.
 *
 * <p>Usage: {@code service.Changes}. The option is {@code -Dmodel}, the folder of an exported model
 * other than the quickstart's.
 */
public final class Changes {
  private static final int UNDER_WAY = 64;
  private static final double SECONDS = 10;
  private static final String FIRST = "first-token-of-the-service";
  private static final String SECOND = "second-token-of-the-service";
  private static final Duration TO_CHANGE = Duration.ofSeconds(2);

  private final Path folder;
  private final Path model;
  private boolean right = true;

  private Changes(Path folder, Path model) {
    this.folder = folder;
    this.model = model;
  }

  @FunctionalInterface
  private interface Act {
    void run() throws IOException, InterruptedException;
  }

  /** Makes the changes; ends with status 1 if a request was lost or an answer wrong. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path model = QuickstartModel.folder();
    Changes changes = new Changes(Files.createTempDirectory("service-changes"), model);
    System.exit(changes.run() ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException {
    Path versions = Files.createDirectories(folder.resolve("models").resolve("recurrent"));
    Replaced.folder(model, folder, versions.resolve("1"));
    Path tokens = folder.resolve("tokens");
    Replaced.file(tokens, FIRST + "\n");
    Certificate.write(folder);
    try (ServerProcess server =
            ServerProcess.service(
                List.of(
                    "--models=" + folder.resolve("models"),
                    "--poll=200ms",
                    "--reload=200ms",
                    "--token-file=" + tokens,
                    "--tls-certificate=" + Certificate.certificate(folder),
                    "--tls-key=" + Certificate.key(folder)));
        ServiceClient client = ServiceClient.of(server.uri(), model)) {
      client.token(FIRST);
      Outcome unused = client.closed(UNDER_WAY, SECONDS);
      tell(
          "a new version",
          client,
          () -> Replaced.folder(model, folder, versions.resolve("2")),
          "200");
      tell(
          "a new token beside the old",
          client,
          () -> {
            Replaced.file(tokens, FIRST + "\n" + SECOND + "\n");
            Uninterruptibles.sleepUninterruptibly(TO_CHANGE);
            client.token(SECOND);
          },
          "200");
      tell("the old token goes", client, () -> Replaced.file(tokens, SECOND + "\n"), "200");
      tell("a new certificate", client, () -> Certificate.write(folder), "200");
      tell("the end", client, server::end, "200", "503", ServiceClient.NOT_TAKEN);
    }
    return right;
  }

  /** Changes something in the midst of a load. */
  private void tell(String change, ServiceClient client, Act act, String... allowed)
      throws IOException, InterruptedException {
    CompletableFuture<Outcome> load =
        CompletableFuture.supplyAsync(() -> client.closed(UNDER_WAY, SECONDS));
    Uninterruptibles.sleepUninterruptibly(TO_CHANGE);
    act.run();
    Outcome outcome = load.join();
    right &= outcome.isOnly(allowed);
    System.out.println(change + ": " + outcome);
  }
}
