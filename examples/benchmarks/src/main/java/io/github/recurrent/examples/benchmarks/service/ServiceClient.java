package io.github.recurrent.examples.benchmarks.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.util.Exceptions;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Asks a service, and compares what it answers with a reasoner in this process. Thread-safe. */
final class ServiceClient implements AutoCloseable {
  /** The outcome of a request that the service did not take: the client may send it elsewhere. */
  static final String NOT_TAKEN = "not taken";

  private static final int QUERIES = 4096;
  private static final int MOST_UNDER_WAY = 20_000;

  private final ImmutableList<String> bodies;
  private final List<Answer> expected;
  private final ObjectMapper json = new ObjectMapper();
  private final ClientFactory factory =
      ClientFactory.builder()
          .useHttp2Preface(true)
          .maxNumEventLoopsPerEndpoint(2)
          .tlsNoVerify()
          .build();
  private final WebClient client;
  private volatile String token = "";

  private ServiceClient(String uri, ImmutableList<String> bodies, List<Answer> expected) {
    this.bodies = bodies;
    this.expected = expected;
    client = WebClient.builder(uri).factory(factory).responseTimeout(Duration.ofMinutes(1)).build();
  }

  /**
   * Returns a client of a service that serves a model.
   *
   * @param uri that of the service, with the scheme http or https
   */
  static ServiceClient of(String uri, Path model) throws IOException {
    try (OnnxReasoner reasoner = OnnxReasoner.load(model)) {
      ImmutableList<Query> queries = Requests.queries(reasoner.vocabulary(), QUERIES, Seed.of(2));
      return new ServiceClient(
          uri.replace("http://", "h2c://").replace("https://", "h2://"),
          Requests.texts(queries),
          reasoner.answer(queries, Requests.HALTING));
    }
  }

  /** Sends a bearer token from now on. */
  void token(String value) {
    token = value;
  }

  /** Keeps so many requests under way. */
  Outcome closed(int underWay, double seconds) {
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
  Outcome open(double perSecond, double seconds) {
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
    RequestHeadersBuilder headers =
        RequestHeaders.builder(HttpMethod.POST, Requests.INFER).contentType(MediaType.JSON);
    if (!token.isEmpty()) {
      headers.add(HttpHeaderNames.AUTHORIZATION, "Bearer " + token);
    }
    return client
        .execute(headers.build(), bodies.get(number))
        .aggregate()
        .handle(
            (response, problem) -> {
              if (problem != null) {
                outcome.add(
                    Exceptions.peel(problem) instanceof UnprocessedRequestException
                        ? NOT_TAKEN
                        : problem.toString());
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

  @Override
  public void close() {
    factory.close();
  }
}
