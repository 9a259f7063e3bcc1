package io.github.recurrent.examples.benchmarks.service;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Twice the load that the service bears, for minutes: every answer is compared with that of a
 * reasoner in this process, statuses and memory are told, and how soon the service is itself again.
 *
 * <p>Usage: {@code service.Overload}. Options are {@code -Dmodel}, the folder of an exported model
 * other than the quickstart's, and {@code -Dseconds=120}. Fails if an answer is wrong, or a status
 * is neither 200 nor 429.
 */
public final class Overload {
  private static final int AT_REST = 64;
  private static final int SATURATED = 512;
  private static final int REPORTS = 12;

  /** Seconds in which the service's code is compiled: until then it bears less. */
  private static final int WARM_UP = 60;

  private final ServerProcess server;
  private final ServiceClient client;
  private boolean right = true;

  private Overload(ServerProcess server, ServiceClient client) {
    this.server = server;
    this.client = client;
  }

  /** Runs the load; ends with status 1 if something was wrong. */
  public static void main(String[] arguments) throws IOException {
    Path model = QuickstartModel.folder();
    boolean right;
    try (ServerProcess server = ServerProcess.service(model, "--queue=512");
        ServiceClient client = ServiceClient.of(server.uri(), model)) {
      right = new Overload(server, client).run(Integer.getInteger("seconds", 120));
    }
    System.exit(right ? 0 : 1);
  }

  private boolean run(int seconds) throws IOException {
    Outcome unused = checked(client.closed(SATURATED, WARM_UP));
    double before = checked(client.closed(AT_REST, 5)).result(5).p99();
    double saturation = checked(client.closed(SATURATED, 10)).result(10).perSecond();
    print(
        "Saturated: %.0f answers a second; %d under way: p99 %.1f ms; %s",
        saturation, AT_REST, before, resources());
    for (int report = 0; report < REPORTS; report++) {
      double part = (double) seconds / REPORTS;
      Outcome outcome = checked(client.open(2 * saturation, part));
      LoadResult result = outcome.result(part);
      print(
          "%s; accepted: %.0f a second, median %.1f, p99 %.1f ms; %s",
          outcome, result.perSecond(), result.median(), result.p99(), resources());
    }
    Uninterruptibles.sleepUninterruptibly(Duration.ofSeconds(1));
    Outcome after = checked(client.closed(AT_REST, 5));
    print(
        "A second later, %d under way: %s, p99 %.1f ms (before: %.1f)",
        AT_REST, after, after.result(5).p99(), before);
    return right;
  }

  private Outcome checked(Outcome outcome) {
    right &= outcome.isOnly("200", "429");
    return outcome;
  }

  private String resources() throws IOException {
    return String.format(
        Locale.ROOT,
        "%d MiB, %d threads, %d descriptors",
        server.resident(),
        server.threads(),
        server.descriptors());
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
