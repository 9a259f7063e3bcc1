package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.grpc.GrpcClients;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.examples.service.Service.Reply;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.github.recurrent.examples.service.protocol.InferTensorContents;
import io.github.recurrent.examples.service.protocol.ModelInferRequest;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferInputTensor;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferRequestedOutputTensor;
import io.github.recurrent.examples.service.protocol.ModelInferResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The outputs that are given to those who name them. */
final class OutputsTest {
  private static final Vocabulary VOCABULARY = Service.CIRCUIT.checkpoint().vocabulary();
  private static final String TWO = "[\"<e_0><r_1>\", \"<e_1><r_0><r_1><r_2>\"]";

  @TempDir static Path folder;
  private static Service service;

  @BeforeAll
  static void start() throws IOException {
    service = Service.ready(folder, "--max-top-k=7", "--max-output=60", "--max-iterations=100");
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @Test
  void theMostProbableTokensComeBestFirst() {
    JsonNode reply =
        ask(TWO, "{\"top_k\": 3}", "answer", "probability", "top_tokens", "top_probabilities");

    assertThat(reply.path("outputs").get(2).path("shape")).hasToString("[2,3]");
    for (int row = 0; row < 2; row++) {
      assertThat(data(reply, 2, row * 3)).isEqualTo(data(reply, 0, row));
      assertThat(data(reply, 3, row * 3)).isEqualTo(data(reply, 1, row));
      assertThat(data(reply, 3, row * 3).floatValue())
          .isGreaterThanOrEqualTo(data(reply, 3, row * 3 + 1).floatValue());
    }
  }

  @Test
  void equallyProbableTokensComeInTheOrderOfTheirIds() {
    JsonNode reply =
        ask("[\"<e_0><r_1>\"]", "{\"among_entities\": true, \"top_k\": 7}", "top_tokens");

    List<Integer> ids = new ArrayList<>();
    reply
        .path("outputs")
        .get(0)
        .path("data")
        .forEach(token -> ids.add(VOCABULARY.id(token.asText())));
    // Past the entities all have the probability 0.
    assertThat(ids.subList(VOCABULARY.entities(), ids.size())).isSorted();
    assertThat(ids.subList(0, VOCABULARY.entities())).allMatch(VOCABULARY::isEntity);
  }

  @Test
  void logProbabilitiesAreThoseOfAllTokensAndFinite() {
    JsonNode reply =
        ask("[\"<e_0><r_1>\"]", "{\"among_entities\": true}", "probability", "log_probabilities");
    JsonNode logs = reply.path("outputs").get(1);

    assertThat(logs.path("shape")).hasToString("[1," + VOCABULARY.size() + "]");
    double sum = 0;
    double best = 0;
    for (int id = 0; id < VOCABULARY.size(); id++) {
      double probability = Math.exp(logs.path("data").get(id).doubleValue());
      assertThat(probability > 0).isEqualTo(VOCABULARY.isEntity(id));
      sum += probability;
      best = Math.max(best, probability);
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
    assertThat(best).isCloseTo(data(reply, 0, 0).doubleValue(), within(1e-5));
    assertThat(logs.path("data").get(0).floatValue()).isEqualTo(-Float.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"halting\": \"stable_answer\", \"stable_for\": 2, \"at_most\": 30}",
        "{\"halting\": \"kl\", \"kl\": 0.5, \"at_most\": 30, \"at_least\": 3}",
        "{\"halting\": \"entropy\", \"entropy\": 1e-300, \"at_most\": 5}",
        "{\"halting\": \"fixed\", \"iterations\": 1}",
        "{\"halting\": \"hidden_change\", \"share\": 0.01, \"at_most\": 12}",
        "{\"at_most\": 30, \"among_entities\": true}"
      })
  void aTrajectoryTellsEveryIterationAndIsPaddedOnTheRight(String parameters) {
    JsonNode reply =
        ask(
            TWO,
            parameters,
            "answer",
            "probability",
            "iterations",
            "trajectory_answer",
            "trajectory_probability");

    int most = Math.max(data(reply, 2, 0).asInt(), data(reply, 2, 1).asInt());
    assertThat(reply.path("outputs").get(3).path("shape")).hasToString("[2," + most + "]");
    for (int row = 0; row < 2; row++) {
      int iterations = data(reply, 2, row).asInt();
      assertThat(data(reply, 3, row * most + iterations - 1)).isEqualTo(data(reply, 0, row));
      assertThat(data(reply, 4, row * most + iterations - 1)).isEqualTo(data(reply, 1, row));
      for (int iteration = 1; iteration <= most; iteration++) {
        boolean isPad = iteration > iterations;
        assertThat(data(reply, 3, row * most + iteration - 1).asText().isEmpty()).isEqualTo(isPad);
        assertThat(data(reply, 4, row * most + iteration - 1).doubleValue() == 0).isEqualTo(isPad);
      }
    }
  }

  @Test
  void aTrajectoryIsThatOfShorterAnswers() {
    String query = "[\"<e_1><r_0><r_1><r_2>\"]";
    JsonNode whole = ask(query, "{\"halting\": \"fixed\", \"iterations\": 6}", "trajectory_answer");

    for (int iterations = 1; iterations <= 6; iterations++) {
      String parameters = "{\"halting\": \"fixed\", \"iterations\": " + iterations + "}";
      assertThat(data(ask(query, parameters, "answer"), 0, 0))
          .isEqualTo(data(whole, 0, iterations - 1));
    }
  }

  @Test
  void watchedQueriesAreAnsweredAsOthersAre() {
    JsonNode plain = ask(TWO, "{\"at_most\": 30}", "answer", "iterations", "cause");
    JsonNode watched =
        ask(TWO, "{\"at_most\": 30}", "answer", "iterations", "cause", "trajectory_answer");

    for (int output = 0; output < 3; output++) {
      assertThat(watched.path("outputs").get(output)).isEqualTo(plain.path("outputs").get(output));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"top_k\": 8} | top_tokens | parameters.top_k must be an integer from 1 to 7, the limit",
        "{\"top_k\": 0} | top_tokens | parameters.top_k must be an integer from 1 to 7",
        "{\"top_k\": \"3\"} | top_tokens | parameters.top_k must be an integer from 1 to 7",
        "{\"top_k\": 3} | answer | is for the outputs top_tokens and top_probabilities, which",
        "{\"at_most\": 31} | trajectory_answer | may have 2 x 31 values; the limit here is 60"
      })
  void whatIsAboveALimitIsRefused(String parametersOutputAndMessage) {
    String[] parts = parametersOutputAndMessage.split(" \\| ", 3);

    Reply reply = service.post("/v2/models/hops/infer", body(TWO, parts[0], parts[1]));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).contains(parts[2]);
  }

  @Test
  void anOutputOfTheWholeVocabularyIsRefusedWhereItIsTooLarge() {
    String many = Collections.nCopies(60 / VOCABULARY.size() + 1, "\"<e_0><r_1>\"").toString();

    Reply reply = service.post("/v2/models/hops/infer", body(many, "{}", "log_probabilities"));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error())
        .startsWith("the output log_probabilities of ")
        .endsWith(" x " + VOCABULARY.size() + " values; the limit here is 60");
  }

  @Test
  void whoAsksForNothingGetsFourOutputs() {
    assertThat(service.infer(TWO, "{}").json().path("outputs").findValuesAsText("name"))
        .containsExactly("answer", "probability", "iterations", "cause");
  }

  @Test
  void outputsOfGrpcAreTypedOrRawAsTheInputsAre() {
    GRPCInferenceServiceBlockingStub client =
        GrpcClients.newClient("gproto+" + service.uri("/"), GRPCInferenceServiceBlockingStub.class);
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder()
            .setModelName("hops")
            .addInputs(
                InferInputTensor.newBuilder().setName("query").setDatatype("BYTES").addShape(1))
            .addOutputs(output("top_tokens"))
            .addOutputs(output("top_probabilities"));
    ByteString query = ByteString.copyFromUtf8("<e_0><r_1>");
    ByteString length =
        ByteString.copyFrom(
            ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(query.size()).flip());

    ModelInferResponse raw =
        client.modelInfer(request.clone().addRawInputContents(length.concat(query)).build());
    request
        .getInputsBuilder(0)
        .setContents(InferTensorContents.newBuilder().addBytesContents(query));
    ModelInferResponse typed = client.modelInfer(request.build());

    assertThat(typed.getOutputs(0).getShapeList()).containsExactly(1L, 5L);
    assertThat(typed.getOutputs(0).getContents().getBytesContentsCount()).isEqualTo(5);
    assertThat(typed.getRawOutputContentsCount()).isZero();
    ByteBuffer probabilities =
        raw.getRawOutputContents(1).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    assertThat(probabilities.remaining()).isEqualTo(20);
    assertThat(probabilities.getFloat())
        .isCloseTo(typed.getOutputs(1).getContents().getFp32Contents(0), within(1e-5f));
  }

  private static InferRequestedOutputTensor output(String name) {
    return InferRequestedOutputTensor.newBuilder().setName(name).build();
  }

  private static JsonNode ask(String queries, String parameters, String... outputs) {
    Reply reply = service.post("/v2/models/hops/infer", body(queries, parameters, outputs));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private static String body(String queries, String parameters, String... outputs) {
    String body = Service.inferBody(queries, parameters);
    List<String> named = new ArrayList<>();
    for (String output : outputs) {
      named.add("{\"name\": \"" + output + "\"}");
    }
    return body.substring(0, body.length() - 1) + ", \"outputs\": " + named + "}";
  }

  private static JsonNode data(JsonNode reply, int output, int index) {
    return reply.path("outputs").get(output).path("data").get(index);
  }
}
