package io.github.recurrent.examples.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.github.recurrent.examples.service.protocol.InferParameter;
import io.github.recurrent.examples.service.protocol.InferTensorContents;
import io.github.recurrent.examples.service.protocol.ModelInferRequest;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferInputTensor;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferRequestedOutputTensor;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.InferBody;
import io.github.recurrent.examples.service.request.InferRequest;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.request.QueryReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are valid but for some bytes are answered or refused, and never break anything. */
final class MutationTest {
  private static final String QUERY =
      """
      {"id": "7", "parameters": {"halting": "kl", "kl": 0.1, "at_most": 9, "top_k": 2},
       "inputs": [{"name": "query", "shape": [2], "datatype": "BYTES",
                   "data": ["<e_1><r_0>", "3 | 1 | 2"]}],
       "outputs": [{"name": "top_tokens", "parameters": {"binary_data": false}},
                   {"name": "trajectory_answer"}]}""";
  private static final String IDS =
      """
      {"parameters": {"binary_data_output": true, "halting": "fixed", "iterations": 3},
       "inputs": [{"name": "input_ids", "shape": [2, 3], "datatype": "INT64",
                   "data": [[1, 7, 7], [2, 7, 0]]}]}""";
  private static final String BINARY =
      """
      {"inputs": [{"name": "query", "shape": [1], "datatype": "BYTES",
                   "parameters": {"binary_data_size": 14}}]}""";
  private static final String BINARY_DATA = "\n\0\0\0<e_1><r_0>";
  private static final String QUESTION =
      "{\"query\": [\"3\", \"1\", \"0\"], \"parameters\": {\"among_entities\": true}}";

  /** What is put in the place of other bytes: what means something somewhere. */
  private static final List<String> PIECES =
      List.of(
          "\"",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "null",
          "true",
          "-1",
          "1e999",
          "NaN",
          "0",
          "\\u0000",
          "\\ud800",
          "9223372036854775808",
          "<",
          ">",
          "<e_",
          "|",
          "\u00ff",
          "\0",
          "\"data\"",
          "2147483647",
          "binary_data_size",
          "");

  /** More than the few that a build has time for, if somebody says so. */
  private static final int TIMES = Integer.getInteger("mutations", 1);

  @TempDir static Path folder;
  private static Service service;
  private static WebClient client;

  private final Random random = new Random(20261127);

  @BeforeAll
  static void start() throws IOException {
    service = Service.ready(folder, "--max-iterations=20", "--max-deadline=2s");
    client = WebClient.of("h2c://127.0.0.1:" + service.server().port());
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @Test
  void bodiesAreReadOrRefused() {
    QueryReader reader =
        new QueryReader(
            Service.CIRCUIT.checkpoint().model(), Service.CIRCUIT.checkpoint().vocabulary(), 16);
    Limits limits = new Limits(1 << 20, 8, 16, 50, 10, 1000, Duration.ofSeconds(10));
    int valid = 0;
    for (int trial = 0; trial < TIMES * 6_000; trial++) {
      boolean isBinary = trial % 3 == 0;
      String json = isBinary ? BINARY : trial % 3 == 1 ? IDS : QUERY;
      byte[] body = mutated((isBinary ? json + BINARY_DATA : json).getBytes(ISO_8859_1));
      List<String> header =
          isBinary ? List.of(Integer.toString(json.length() + random.nextInt(2))) : List.of();
      try {
        InferRequest request =
            InferRequest.of(InferBody.read(header, body, "hops"), reader, limits);
        assertThat(request.queries()).isNotEmpty();
        valid++;
      } catch (Fault fault) {
        assertThat(fault.status().code()).isEqualTo(400);
        assertThat(fault.message()).isNotEmpty().hasSizeLessThan(1000);
      }
    }
    assertThat(valid).isBetween(TIMES * 1_000, TIMES * 5_000);
  }

  @Test
  void restAnswersOrRefuses() {
    for (int trial = 0; trial < TIMES * 250; trial++) {
      String path = trial % 4 == 0 ? "/v1/ask" : "/v2/models/hops/infer";
      String json = List.of(QUESTION, QUERY, IDS, BINARY).get(trial % 4);
      byte[] body = mutated((trial % 4 == 3 ? json + BINARY_DATA : json).getBytes(ISO_8859_1));
      RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.POST, path);
      if (trial % 4 == 3) {
        headers.addInt(InferBody.HEADER, json.length());
      }
      if (trial % 8 == 0) {
        headers.add(HttpHeaderNames.ACCEPT, "text/event-stream");
      }

      AggregatedHttpResponse reply =
          client.execute(headers.build(), HttpData.wrap(body)).aggregate().join();

      assertThat(reply.status().code())
          .as("%s for %s", reply.contentUtf8(), new String(body, UTF_8))
          .isIn(200, 400);
    }
  }

  @Test
  void grpcAnswersOrRefuses() {
    byte[] typed = message().build().toByteArray();
    byte[] raw =
        message()
            .addRawInputContents(ByteString.copyFrom(BINARY_DATA, ISO_8859_1))
            .clearInputs()
            .addInputs(message().getInputs(0).toBuilder().clearContents())
            .build()
            .toByteArray();
    for (int trial = 0; trial < TIMES * 250; trial++) {
      byte[] body = mutated(trial % 2 == 0 ? typed : raw);
      ByteBuffer frame = ByteBuffer.allocate(5 + body.length);
      frame.put((byte) 0).putInt(body.length).put(body);

      AggregatedHttpResponse reply =
          client
              .execute(
                  RequestHeaders.of(
                      HttpMethod.POST,
                      "/inference.GRPCInferenceService/ModelInfer",
                      HttpHeaderNames.CONTENT_TYPE,
                      "application/grpc",
                      HttpHeaderNames.TE,
                      "trailers"),
                  HttpData.wrap(frame.array()))
              .aggregate()
              .join();

      String status = reply.trailers().get("grpc-status", reply.headers().get("grpc-status", ""));
      // OK, INVALID_ARGUMENT or NOT_FOUND.
      assertThat(status).as("%s %s", reply.headers(), reply.trailers()).isIn("0", "3", "5");
    }
  }

  private static ModelInferRequest.Builder message() {
    return ModelInferRequest.newBuilder()
        .setModelName("hops")
        .setId("7")
        .putParameters("kl", InferParameter.newBuilder().setDoubleParam(0.1).build())
        .putParameters("top_k", InferParameter.newBuilder().setInt64Param(2).build())
        .addInputs(
            InferInputTensor.newBuilder()
                .setName("query")
                .setDatatype("BYTES")
                .addShape(1)
                .setContents(
                    InferTensorContents.newBuilder()
                        .addBytesContents(ByteString.copyFromUtf8("<e_1><r_0>"))))
        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("top_tokens"));
  }

  /** Replaces up to three pieces of some bytes by others. */
  private byte[] mutated(byte[] bytes) {
    byte[] mutated = bytes;
    for (int change = random.nextInt(4); change > 0; change--) {
      int start = random.nextInt(mutated.length + 1);
      int end = Math.min(mutated.length, start + random.nextInt(4));
      ByteArrayOutputStream changed = new ByteArrayOutputStream();
      changed.write(mutated, 0, start);
      if (random.nextBoolean()) {
        changed.write(random.nextInt(256));
      } else {
        changed.writeBytes(PIECES.get(random.nextInt(PIECES.size())).getBytes(ISO_8859_1));
      }
      changed.write(mutated, end, mutated.length - end);
      mutated = changed.toByteArray();
    }
    return mutated;
  }
}
