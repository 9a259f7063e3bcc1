package io.github.recurrent.examples.benchmarks.service;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.github.recurrent.examples.service.protocol.InferTensorContents;
import io.github.recurrent.examples.service.protocol.ModelInferRequest;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferInputTensor;
import io.github.recurrent.examples.service.protocol.ModelMetadataRequest;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Damaged requests of REST and gRPC, the same for a seed. Fails if the service answers one as if it
 * were at fault itself, does not answer, or keeps threads, descriptors or memory.
 *
 * <p>Usage: {@code service.RequestFuzz}. Options are {@code -Dmodel}, the folder of an exported
 * model other than the quickstart's, {@code -Drequests=100000} and {@code -Dseed=1}.
 */
public final class RequestFuzz implements AutoCloseable {
  private static final int UNDER_WAY = 64;
  private static final int SHOWN = 20;
  private static final long MORE_MEBIBYTES = 128;

  /** The services' own faults, in gRPC: unknown and internal ones, and loss of data. */
  private static final ImmutableSet<String> GRPC_FAULTS = ImmutableSet.of("2", "13", "15");

  private static final String GRPC = "/inference.GRPCInferenceService/";

  private static final ImmutableMap<String, String> BODIES =
      ImmutableMap.of(
          Requests.INFER,
          "{\"id\": \"7\", \"parameters\": {\"halting\": \"kl\", \"kl\": 0.01, \"at_most\": 40,"
              + " \"deadline_ms\": 900}, \"inputs\": [{\"name\": \"query\", \"shape\": [2],"
              + " \"datatype\": \"BYTES\", \"data\": [\"<e_1><r_2>\", \"<e_2><r_3><r_1>\"]}],"
              + " \"outputs\": [{\"name\": \"answer\"}, {\"name\": \"iterations\"}]}",
          "/v2/models/recurrent/versions/1/infer",
          "{\"inputs\": [{\"name\": \"input_ids\", \"shape\": [2, 3], \"datatype\": \"INT64\","
              + " \"data\": [[4, 22, 23], [5, 22, 0]]}]}",
          "/v1/ask",
          "{\"query\": [\"3\", \"1\", \"0\"], \"parameters\": {\"halting\": \"stable_answer\","
              + " \"stable_for\": 3, \"among_entities\": true}}");

  private static final ImmutableList<String> GETS =
      ImmutableList.of(
          "/",
          "/v2",
          "/v2/health/ready",
          "/v2/models/recurrent",
          "/v2/models/recurrent/versions/1/ready",
          "/metrics",
          "/openapi.json",
          "/v1/status",
          "/v1/names?kind=entity&start=1&most=5",
          "/v2/models/stats");

  private final UniformRandomProvider random;
  private final Mutation mutation;
  private final ServerProcess server;
  private final ClientFactory factory =
      ClientFactory.builder().useHttp2Preface(true).maxNumEventLoopsPerEndpoint(4).build();
  private final WebClient client;
  private final Map<String, Long> counts = new TreeMap<>();
  private final Semaphore free = new Semaphore(UNDER_WAY);
  private int shown;
  private boolean right = true;

  private RequestFuzz(Path model, long seed) throws IOException {
    random = RandomSource.XO_SHI_RO_256_PP.create(Seed.of(seed).child("requests").value());
    mutation = new Mutation(random);
    server = ServerProcess.service(model, "--max-deadline=2s");
    client =
        WebClient.builder(server.uri().replace("http://", "h2c://"))
            .factory(factory)
            .responseTimeout(Duration.ofSeconds(30))
            .build();
  }

  /** Sends the requests; ends with status 1 if something was wrong. */
  public static void main(String[] arguments) throws IOException {
    boolean right;
    try (RequestFuzz fuzz = new RequestFuzz(QuickstartModel.folder(), Long.getLong("seed", 1))) {
      right = fuzz.run(Integer.getInteger("requests", 100_000));
    }
    System.exit(right ? 0 : 1);
  }

  private boolean run(int requests) throws IOException {
    send(requests / 10);
    long memory = server.resident();
    long threads = server.threads();
    long descriptors = server.descriptors();
    send(requests - requests / 10);
    System.out.println(counts);
    System.out.printf(
        "MiB %d, then %d; threads %d, then %d; descriptors %d, then %d%n",
        memory, server.resident(), threads, server.threads(), descriptors, server.descriptors());
    return right
        && server.isAlive()
        && server.resident() <= memory + MORE_MEBIBYTES
        && server.threads() <= threads + 2
        && server.descriptors() <= descriptors + 8;
  }

  private void send(int requests) {
    for (int number = 0; number < requests; number++) {
      free.acquireUninterruptibly();
      send();
    }
    free.acquireUninterruptibly(UNDER_WAY);
    free.release(UNDER_WAY);
  }

  private void send() {
    switch (random.nextInt(8)) {
      case 0 -> get();
      case 1, 2, 3 -> grpc();
      default -> post();
    }
  }

  private void get() {
    String path = GETS.get(random.nextInt(GETS.size()));
    HttpMethod method = random.nextInt(8) == 0 ? HttpMethod.PUT : HttpMethod.GET;
    send(
        RequestHeaders.builder(method, random.nextInt(4) == 0 ? path : damagedPath(path)),
        new byte[0]);
  }

  private void post() {
    String path = ImmutableList.copyOf(BODIES.keySet()).get(random.nextInt(BODIES.size()));
    byte[] body = mutation.of(bytes(BODIES.getOrDefault(path, "")));
    RequestHeadersBuilder headers =
        RequestHeaders.builder(HttpMethod.POST, random.nextInt(10) == 0 ? damagedPath(path) : path)
            .add(HttpHeaderNames.CONTENT_TYPE, "application/json");
    if (random.nextInt(10) == 0) {
      headers.add("inference-header-content-length", damaged("123"));
    }
    if (random.nextInt(10) == 0) {
      headers.add(
          "traceparent", damaged("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    }
    if (random.nextInt(10) == 0) {
      headers.add(HttpHeaderNames.ACCEPT, damaged("text/event-stream"));
    }
    send(headers, body);
  }

  private void grpc() {
    boolean infers = random.nextInt(4) > 0;
    byte[] message =
        infers
            ? infer()
            : ModelMetadataRequest.newBuilder().setName("recurrent").build().toByteArray();
    byte[] damaged = random.nextInt(8) == 0 ? message : mutation.of(message);
    byte[] framed =
        ByteBuffer.allocate(5 + damaged.length)
            .put((byte) (random.nextInt(50) == 0 ? random.nextInt(4) : 0))
            .putInt(random.nextInt(20) == 0 ? random.nextInt() : damaged.length)
            .put(damaged)
            .array();
    String method = infers ? "ModelInfer" : "ModelMetadata";
    send(
        RequestHeaders.builder(
                HttpMethod.POST,
                random.nextInt(20) == 0 ? damagedPath(GRPC + method) : GRPC + method)
            .add(HttpHeaderNames.CONTENT_TYPE, "application/grpc+proto")
            .add(HttpHeaderNames.TE, "trailers"),
        framed);
  }

  private byte[] infer() {
    InferInputTensor.Builder tensor =
        InferInputTensor.newBuilder().setName("query").setDatatype("BYTES").addShape(1);
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder().setModelName("recurrent").setId("7");
    if (random.nextBoolean()) {
      request.addRawInputContents(
          ByteString.copyFrom(
              new byte[] {10, 0, 0, 0, '<', 'e', '_', '1', '>', '<', 'r', '_', '2', '>'}));
    } else {
      tensor.setContents(
          InferTensorContents.newBuilder().addBytesContents(ByteString.copyFromUtf8("<e_1><r_2>")));
    }
    return request.addInputs(tensor).build().toByteArray();
  }

  /** Returns a path that a client can still send: of characters that a path may have. */
  private String damagedPath(String path) {
    return "/" + damaged(path.substring(1)).replaceAll("[^\\w/.?=&-]", "~");
  }

  /** Returns a text with some damage, of what headers may hold. */
  private String damaged(String text) {
    return new String(mutation.of(bytes(text)), StandardCharsets.ISO_8859_1)
        .replaceAll("[^!-~]", "~");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void send(RequestHeadersBuilder builder, byte[] body) {
    RequestHeaders headers = builder.build();
    CompletableFuture<Void> unused =
        client
            .execute(headers, HttpData.wrap(body))
            .aggregate()
            .handle(
                (response, problem) -> {
                  if (problem != null) {
                    note(headers, body, problem.toString(), false);
                  } else {
                    note(headers, body, response);
                  }
                  free.release();
                  return null;
                });
  }

  private void note(RequestHeaders headers, byte[] body, AggregatedHttpResponse response) {
    int status = response.status().code();
    String grpc = response.trailers().get("grpc-status", response.headers().get("grpc-status", ""));
    boolean good = (status < 500 || status == 503 || status == 504) && !GRPC_FAULTS.contains(grpc);
    note(headers, body, status + (grpc.isEmpty() ? "" : " gRPC " + grpc), good);
  }

  private synchronized void note(
      RequestHeaders headers, byte[] body, String outcome, boolean good) {
    counts.merge(outcome, 1L, Long::sum);
    if (!good) {
      right = false;
      if (shown++ < SHOWN) {
        System.out.printf(
            "%s: %s%n%s%n", outcome, headers, new String(body, StandardCharsets.ISO_8859_1));
      }
    }
  }

  @Override
  public void close() {
    factory.close();
    server.close();
  }
}
