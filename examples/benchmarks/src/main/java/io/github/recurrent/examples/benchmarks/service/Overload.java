package io.github.recurrent.examples.benchmarks.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import io.github.recurrent.dataset.Query;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/**
 * Twice the load that the service bears, for minutes: every answer is compared with that of a
 * reasoner in this process, statuses and memory are told, and how soon the service is itself again.
 *
 * <p>Usage: {@code service.Overload}. Options are {@code -Dmodel=runs/quickstart/onnx} and {@code
 * -Dseconds=120}. Fails if an answer is wrong, or a status is neither 200 nor 429.
 */
public final class Overload implements AutoCloseable {
  private static final int QUERIES = 4096;
  private static final int MOST_UNDER_WAY = 20_000;
  private static final int AT_REST = 64;
  private static final int SATURATED = 512;
  private static final int REPORTS = 12;

  private final List<String> bodies;
  private final List<Answer> expected;
  private final ObjectMapper json = new ObjectMapper();
  private final ServerProcess server;
  private final ClientFactory factory =
      ClientFactory.builder().useHttp2Preface(true).maxNumEventLoopsPerEndpoint(2).build();
  private final WebClient client;

  private Overload(Path model) throws IOException {
    try (OnnxReasoner reasoner = OnnxReasoner.load(model)) {
      ImmutableList<Query> queries = Requests.queries(reasoner.vocabulary(), QUERIES, Seed.of(2));
      bodies = Requests.texts(queries);
      expected = reasoner.answer(queries, Requests.HALTING);
    }
    server = ServerProcess.service(model, "--queue=512");
    client =
        WebClient.builder(server.uri().replace("http://", "h2c://"))
            .factory(factory)
            .responseTimeout(Duration.ofMinutes(1))
            .build();
  }

  /** Runs the load; ends with status 1 if something was wrong. */
  public static void main(String[] arguments) throws IOException {
    boolean right;
    try (Overload overload =
        new Overload(Path.of(System.getProperty("model", "runs/quickstart/onnx")))) {
      right = overload.run(Integer.getInteger("seconds", 120));
    }
    System.exit(right ? 0 : 1);
  }

  /** What came of requests. Thread-safe. */
  private static final class Outcome {
    private final Map<String, Long> counts = new TreeMap<>();
    private final DoubleStream.Builder milliseconds = DoubleStream.builder();

    synchronized void add(String what) {
      counts.merge(what, 1L, Long::sum);
    }

    synchronized void answered(double time) {
      milliseconds.add(time);
    }

    synchronized LoadResult result(double seconds) {
      return LoadResult.of(milliseconds.build().toArray(), seconds, counts.getOrDefault("429", 0L));
    }

    synchronized boolean isRight() {
      return counts.keySet().stream().allMatch(what -> what.equals("200") || what.equals("429"));
    }

    @Override
    public synchronized String toString() {
      return counts.toString();
    }
  }

  private boolean run(int seconds) throws IOException {
    Outcome warm = closed(SATURATED, 10);
    Outcome rest = closed(AT_REST, 5);
    LoadResult before = rest.result(5);
    double saturation = closed(SATURATED, 10).result(10).perSecond();
    print(
        "Saturated: %.0f answers a second; %d under way: p99 %.1f ms; %d MiB, %d threads, %d"
            + " descriptors",
        saturation,
        AT_REST,
        before.p99(),
        server.resident(),
        server.threads(),
        server.descriptors());
    boolean right = warm.isRight() && rest.isRight();
    for (int report = 0; report < REPORTS; report++) {
      double part = (double) seconds / REPORTS;
      Outcome outcome = open(2 * saturation, part);
      LoadResult result = outcome.result(part);
      right &= outcome.isRight();
      print(
          "%s; accepted: %.0f a second, median %.1f, p99 %.1f ms; %d MiB, %d threads",
          outcome,
          result.perSecond(),
          result.median(),
          result.p99(),
          server.resident(),
          server.threads());
    }
    Uninterruptibles.sleepUninterruptibly(Duration.ofSeconds(1));
    Outcome after = closed(AT_REST, 5);
    right &= after.isRight();
    print(
        "A second later, %d under way: %s, p99 %.1f ms (before: %.1f)",
        AT_REST, after, after.result(5).p99(), before.p99());
    return right;
  }

  /** Keeps so many requests under way. */
  private Outcome closed(int underWay, double seconds) {
    Outcome outcome = new Outcome();
    Semaphore free = new Semaphore(underWay);
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (int next = 0; System.nanoTime() < end; next++) {
      free.acquireUninterruptibly();
      CompletableFuture<Void> unused = send(next % QUERIES, outcome).thenRun(free::release);
    }
    free.acquireUninterruptibly(underWay);
    return outcome;
  }

  /** Sends so many requests a second, whether or not those before are answered. */
  private Outcome open(double perSecond, double seconds) {
    Outcome outcome = new Outcome();
    Semaphore free = new Semaphore(MOST_UNDER_WAY);
    long begin = System.nanoTime();
    int count = (int) (perSecond * seconds);
    for (int next = 0; next < count; next++) {
      long early = begin + (long) (next / perSecond * 1e9) - System.nanoTime();
      if (early > 100_000) {
        Uninterruptibles.sleepUninterruptibly(early, TimeUnit.NANOSECONDS);
      }
      free.acquireUninterruptibly();
      CompletableFuture<Void> unused = send(next % QUERIES, outcome).thenRun(free::release);
    }
    free.acquireUninterruptibly(MOST_UNDER_WAY);
    return outcome;
  }

  private CompletableFuture<Void> send(int number, Outcome outcome) {
    long start = System.nanoTime();
    RequestHeaders headers =
        RequestHeaders.of(
            HttpMethod.POST, Requests.INFER, HttpHeaderNames.CONTENT_TYPE, MediaType.JSON);
    return client
        .execute(headers, bodies.get(number))
        .aggregate()
        .handle(
            (response, problem) -> {
              if (problem != null) {
                outcome.add(String.valueOf(problem));
              } else {
                read(number, response, (System.nanoTime() - start) / 1e6, outcome);
              }
              return null;
            });
  }

  private void read(
      int number, AggregatedHttpResponse response, double milliseconds, Outcome outcome) {
    int status = response.status().code();
    if (status == 200) {
      outcome.answered(milliseconds);
      if (!isExpected(number, response)) {
        outcome.add("wrong: " + response.contentUtf8());
        return;
      }
    }
    outcome.add(Integer.toString(status));
  }

  private boolean isExpected(int number, AggregatedHttpResponse response) {
    try {
      JsonNode body = json.readTree(response.contentUtf8());
      Answer answer = expected.get(number);
      return body.path("id").asText().equals(Integer.toString(number))
          && body.at("/outputs/0/data/0").asText().equals(answer.token())
          && Math.abs(body.at("/outputs/1/data/0").asDouble() - answer.probability()) < 1e-4
          && body.at("/outputs/2/data/0").asInt() == answer.iterations();
    } catch (IOException e) {
      return false;
    }
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }

  @Override
  public void close() {
    factory.close();
    server.close();
  }
}
