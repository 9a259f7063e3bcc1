package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.examples.service.Service.Reply;
import io.github.recurrent.reasoning.QueryBatch;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtocolTest {
  private static final int HOPS = 3;
  private static final QueryBatch QUERIES =
      Service.CIRCUIT.queries(HOPS, ImmutableList.of(0, 1, 2, 3));
  private static final String INFER = "/v2/models/hops/infer";

  @TempDir static Path folder;
  private static Service service;

  @BeforeAll
  static void start() throws IOException {
    service = Service.ready(folder, "--max-rows=8", "--max-length=5", "--max-iterations=50");
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2", "/v2/"})
  void theServerTellsItsName(String path) {
    Reply reply = service.get(path);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("name", "version", "extensions");
  }

  @Test
  void aReadyServerIsLiveAndReady() {
    assertThat(service.get("/v2/health/live").json()).hasToString("{\"live\":true}");
    assertThat(service.get("/v2/health/ready").json())
        .hasToString("{\"live\":true,\"ready\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/models/hops/ready", "/v2/models/hops/versions/1/ready"})
  void aReadyModelIsReady(String path) {
    Reply reply = service.get(path);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json()).hasToString("{\"name\":\"hops\",\"ready\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/models/other/ready", "/v2/models/hops/versions/2/ready"})
  void aModelThatIsNotThereIsNotFoundToBeReady(String path) {
    Reply reply = service.get(path);

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.error()).startsWith("there is no ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/models/hops", "/v2/models/hops/versions/1"})
  void aModelTellsItsTensors(String path) {
    JsonNode model = service.get(path).json();

    assertThat(model.path("versions")).hasToString("[\"1\"]");
    assertThat(model.path("inputs").findValuesAsText("name")).containsExactly("query", "input_ids");
    assertThat(model.path("outputs").findValuesAsText("name"))
        .startsWith("answer", "probability", "iterations", "cause", "top_tokens")
        .hasSize(9);
    assertThat(model.path("inputs").get(1).path("shape")).hasToString("[-1,-1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/models/other", "/v2/models/hops/versions/2"})
  void metadataOfAModelThatIsNotThereIsABadRequest(String path) {
    assertThat(service.get(path).status()).isEqualTo(400);
  }

  @Test
  void textQueriesAreAnsweredAsTheGraphDoesAndTheIdComesBack() {
    String queries = "[\"%s\", \"%s\"]".formatted(text(0), text(3));

    Reply reply = service.infer(queries, "{}");

    assertThat(reply.status()).isEqualTo(200);
    JsonNode json = reply.json();
    assertThat(json.path("model_name").asText()).isEqualTo("hops");
    assertThat(json.path("model_version").asText()).isEqualTo("1");
    assertThat(json.path("id").asText()).isEqualTo("7");
    assertThat(data(json, "answer")).hasToString("[\"%s\",\"%s\"]".formatted(tail(0), tail(3)));
    assertThat(data(json, "probability").get(0).doubleValue()).isBetween(0.9, 1.0);
    assertThat(data(json, "cause").get(0).asText()).isEqualTo("settled");
    assertThat(json.path("outputs").findValuesAsText("datatype"))
        .containsExactly("BYTES", "FP32", "INT32", "BYTES");
  }

  @Test
  void namesOfTheGraphBetweenBarsAskWhatTokensAsk() {
    String names = text(1).replace("><", " | ").replaceAll("[<>]|[er]_", "");

    assertThat(data(service.infer("[\"" + names + "\"]", "{}").json(), "answer").get(0).asText())
        .isEqualTo(tail(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[%s, %s]", "[[%s], [%s]]"})
  void idsFlatOrNestedAndPaddedAreAnswered(String layout) {
    String data = layout.formatted(ids(0) + ", 0", ids(2) + ", 0");

    Reply reply =
        service.post(
            INFER,
            """
            {"inputs": [{"name": "input_ids", "shape": [2, 5], "datatype": "INT64", "data": %s}]}"""
                .formatted(data));

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().has("id")).isFalse();
    assertThat(data(reply.json(), "answer"))
        .hasToString("[\"%s\",\"%s\"]".formatted(tail(0), tail(2)));
  }

  @Test
  void onlyTheOutputsThatAreAskedForComeBack() {
    Reply reply =
        service.post(
            "/v2/models/hops/versions/1/infer",
            """
            {"inputs": [{"name": "query", "shape": [1], "datatype": "BYTES", "data": ["%s"]}],
             "outputs": [{"name": "iterations", "parameters": {"binary_data": false}}],
             "parameters": {"halting": "fixed", "iterations": 7}}"""
                .formatted(text(0)));

    assertThat(reply.json().path("outputs"))
        .hasToString(
            "[{\"name\":\"iterations\",\"shape\":[1],\"datatype\":\"INT32\",\"data\":[7]}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"halting\": \"kl\", \"kl\": 0.1}",
        "{\"halting\": \"entropy\", \"entropy\": 0.5, \"among_entities\": true}",
        "{\"halting\": \"stable_answer\", \"stable_for\": 2, \"at_least\": 4, \"at_most\": 9}",
        "{\"halting\": \"hidden_change\", \"share\": 0.01}",
        "{\"halting\": \"kl_and_entropy\", \"kl\": 1, \"entropy\": 1, \"deadline_ms\": 9000}",
        "{\"on_deadline\": \"answer\"}",
        "{\"at_least\": 4}"
      })
  void everyHaltingRuleLeadsToTheAnswer(String parameters) {
    Reply reply = service.infer("[\"" + text(0) + "\"]", parameters);

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    if (parameters.contains("at_least")) {
      assertThat(data(reply.json(), "answer").get(0).asText()).isEqualTo(tail(0));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"halting\": \"never\"} | parameters.halting must be one of kl_and_entropy, kl,",
        "{\"halting\": 3} | parameters.halting must be one of",
        "{\"halting\": \"fixed\"} | parameters.iterations is missing",
        "{\"halting\": \"fixed\", \"iterations\": 51} | from 1 to 50, the limit here, but is 51",
        "{\"halting\": \"fixed\", \"iterations\": 2.0} | must be an integer from 1 to 50",
        "{\"at_most\": 51} | parameters.at_most must be an integer from 1 to 50",
        "{\"at_most\": 3, \"at_least\": 4} | at_least is 4, which is above at_most, 3",
        "{\"kl\": 0} | parameters.kl must be a number above 0, but is 0",
        "{\"kl\": -1e-3} | parameters.kl must be a number above 0",
        "{\"kl\": \"0.1\"} | parameters.kl must be a number above 0, but is \"0.1\"",
        "{\"kl\": 1e999} | must be a boolean, a finite number or a string",
        "{\"kl\": NaN} | the body is not valid JSON",
        "{\"kl\": null} | but is null",
        "{\"share\": 0.1} | has \"share\", which halting \"kl_and_entropy\" does not take",
        "{\"deadline_ms\": 10001} | parameters.deadline_ms must be an integer from 1 to 10000",
        "{\"deadline_ms\": 0} | from 1 to 10000",
        "{\"on_deadline\": \"wait\"} | must be one of fail, answer, but is \"wait\"",
        "{\"among_entities\": 1} | must be true or false, but is 1",
        "[] | parameters must be an object, but is an array"
      })
  void parametersThatAreNotValidAreNamed(String parametersAndMessage) {
    String[] parts = parametersAndMessage.split(" \\| ", 2);

    Reply reply = service.infer("[\"" + text(0) + "\"]", parts[0]);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).contains(parts[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"<e_99><r_0>\"] | inputs[0].data[0] has the unknown entity \"<e_99>\"; the nearest are"
            + " \"<e_0>\", \"<e_1>\", \"<e_2>\"",
        "[\"<e_0><r_0>\", \"1 | 7\"] | inputs[0].data[1] has the unknown relation \"7\"; the"
            + " nearest are \"0\", \"1\", \"2\"",
        "[\"<e_0>\"] | needs at least one relation, but has only its head",
        "[\"0\"] | needs an entity and at least one relation",
        "[\"\"] | needs an entity and at least one relation",
        "[\"<r_0><r_0>\"] | has \"<r_0>\" where an entity must stand",
        "[\"<e_0><e_1>\"] | has \"<e_1>\" where a relation must stand",
        "[\"<e_0> <r_1>\"] | has text outside a token at character 5",
        "[\"<e_0><r_0><r_0><r_0><r_0><r_0>\"] | has 6 tokens; the limit here is 5",
        "[1] | inputs[0].data[0] must be a string, but is an integer",
        "[] | inputs[0] has 0 queries; a request takes 1 to 8",
        "[\"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\"] | has 9 queries; a request takes 1"
            + " to 8, the limit here"
      })
  void queriesThatTheModelCannotTakeAreNamed(String queriesAndMessage) {
    String[] parts = queriesAndMessage.split(" \\| (?=inputs|needs|has)", 2);

    Reply reply = service.infer(parts[0], "{}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).contains(parts[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"shape\": [1, 4], \"data\": [1, 99, 7, 7] | row 0, has id 99, but the model's are 0 to",
        "\"shape\": [1, 4], \"data\": [1, -1, 7, 7] | has id -1",
        "\"shape\": [1, 4], \"data\": [7, 7, 7, 7] | where an entity must stand",
        "\"shape\": [1, 4], \"data\": [1, 0, 7, 7] | has \"<pad>\" where a relation must stand",
        "\"shape\": [1, 4], \"data\": [0, 0, 0, 0] | needs an entity",
        "\"shape\": [1, 4], \"data\": [1, 7, 7] | data has 3 elements, but the shape is [1, 4]",
        "\"shape\": [1, 2], \"data\": [1, 7.5] | data[1] must be an integer of 64 bits",
        "\"shape\": [1, 2], \"data\": [1, 18446744073709551615] | an integer of 64 bits",
        "\"shape\": [2], \"data\": [1, 7] | must have 2 sizes, but is [2]",
        "\"shape\": [2, 2], \"data\": [[1, 7], [1]] | nested as the shape [2, 2] is",
        "\"shape\": [2, 2], \"data\": [[1, 7], 1, 7] | nested as the shape [2, 2] is",
        "\"shape\": [-1, 2], \"data\": [1, 7] | shape must hold integers from 0",
        "\"shape\": [1, 4294967296], \"data\": [1, 7] | shape must hold integers from 0",
        "\"shape\": [2147483647, 2147483647], \"data\": [1] | data has 1 elements",
        "\"shape\": [], \"data\": [1] | shape must have 1 to 8 sizes",
        "\"shape\": [1, 2] | data is missing",
        "\"shape\": [1, 2], \"data\": \"AQ==\" | data must be an array, but is a string",
        "\"shape\": [1, 2], \"data\": [1, 7], \"parameters\": {\"binary_data\": true} | has"
            + " \"binary_data\", which an input does not take",
        "\"shape\": [1, 2], \"data\": [1, 7], \"parameters\": {\"binary_data_size\": 16} |"
            + " data stands beside binary_data_size"
      })
  void tensorsThatAreNotValidAreNamed(String tensorAndMessage) {
    String[] parts = tensorAndMessage.split(" \\| ", 2);

    Reply reply =
        service.post(
            INFER,
            "{\"inputs\": [{\"name\": \"input_ids\", \"datatype\": \"INT64\", %s}]}"
                .formatted(parts[0]));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).startsWith("inputs[0]").contains(parts[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " | the body must be a JSON object, but is empty",
        "[] | the body must be an object, but is an array",
        "{} | inputs is missing",
        "{\"inputs\": []} | inputs must hold one tensor",
        "{\"inputs\": {}} | inputs must be an array, but is an object",
        "{\"inputs\": [3]} | inputs[0] must be an object, but is an integer",
        "{\"inputs\": [], \"inputs\": []} | Duplicate field 'inputs'",
        "{\"inputs\": []} {} | the body must be one JSON object, but something stands behind it",
        "{\"inputs\": [], \"extra\": 1} | the body has an unknown field \"extra\"; it may have id,",
        "{\"id\": 7, \"inputs\": []} | id must be a string, but is an integer",
        "{\"inputs\": [ | the body is not valid JSON: Unexpected end-of-input",
        "{'inputs': []} | the body is not valid JSON",
        "{\"inputs\": [[[[[[[[[[[[[[[[[[[[ | nesting depth"
      })
  void bodiesThatAreNotValidAreRefused(String bodyAndMessage) {
    String[] parts = bodyAndMessage.split(" \\| ", 2);

    Reply reply = service.post(INFER, parts[0].strip());

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error())
        .contains(parts[1])
        .doesNotContain("com.fasterxml", "Exception", "Source", "REDACTED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"name\": \"logits\" | outputs[0].name must be one of answer, probability, iterations,",
        "\"name\": \"answer\"}, {\"name\": \"answer\" | outputs[1].name asks for answer again",
        "\"name\": \"answer\", \"parameters\": {\"binary_data\": 1} | must be true or false",
        "\"named\": \"answer\" | outputs[0] has an unknown field \"named\""
      })
  void outputsThatAreNotThereAreNamed(String outputAndMessage) {
    String[] parts = outputAndMessage.split(" \\| ", 2);

    Reply reply =
        service.post(
            INFER,
            """
            {"inputs": [{"name": "query", "shape": [1], "datatype": "BYTES", "data": ["x"]}],
             "outputs": [{%s}]}"""
                .formatted(parts[0]));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).contains(parts[1]);
  }

  @Test
  void anotherInputOrTypeIsNamed() {
    String tensor =
        "{\"inputs\": [{\"name\": \"%s\", \"datatype\": \"%s\", \"shape\": [1],"
            + " \"data\": [\"x\"]}]}";

    assertThat(service.post(INFER, tensor.formatted("text", "BYTES")).error())
        .isEqualTo("inputs[0].name must be query or input_ids, but is \"text\"");
    assertThat(service.post(INFER, tensor.formatted("query", "STRING")).error())
        .isEqualTo("inputs[0].datatype of query must be BYTES, but is \"STRING\"");
  }

  @Test
  void http2IsAnsweredAtTheSamePort() {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    HttpRequest request = HttpRequest.newBuilder(service.uri("/v2/health/live")).build();

    assertThat(client.sendAsync(request, BodyHandlers.ofString()).join())
        .satisfies(
            response -> {
              assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
              assertThat(response.statusCode()).isEqualTo(200);
            });
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    HttpRequest request =
        HttpRequest.newBuilder(service.uri(INFER))
            .POST(
                BodyPublishers.ofByteArray("{\"id\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1)))
            .build();

    assertThat(service.sent(request).join().error()).isEqualTo("the body is not in UTF-8");
  }

  @Test
  void theNameOfTheModelMayBeRepeatedInTheBody() {
    String body = Service.inferBody("[\"" + text(0) + "\"]", "{}");

    Reply repeated = service.post(INFER, body.replaceFirst("\\{", "{\"model_name\": \"hops\", "));
    Reply another = service.post(INFER, body.replaceFirst("\\{", "{\"model_name\": \"x\", "));

    assertThat(repeated.status()).isEqualTo(200);
    assertThat(another.status()).isEqualTo(400);
    assertThat(another.error())
        .isEqualTo("model_name must be left out, or be that of the path, \"hops\", but is \"x\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"priority\": 0, \"timeout\": 0}",
        "{\"priority\": 2, \"timeout\": 9223372036854775807}",
        "{\"timeout\": 0, \"deadline_ms\": 1000}",
        "{\"sequence_id\": 42, \"sequence_start\": true, \"sequence_end\": false}",
        "{\"sequence_id\": \"e333c95a\", \"halting\": \"kl\", \"kl\": 0.1}"
      })
  void whatClientsSendToEveryServerIsTaken(String parameters) {
    assertThat(service.infer("[\"" + text(0) + "\"]", parameters).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"priority\": -1} | parameters.priority must be an integer from 0, but is -1",
        "{\"timeout\": \"1s\"} | parameters.timeout must be an integer from 0, but is \"1s\"",
        "{\"timeout\": 1, \"deadline_ms\": 1} | parameters.timeout stands beside deadline_ms",
        "{\"sequence_id\": true} | parameters.sequence_id must be an integer from 0",
        "{\"sequence_start\": 1} | parameters.sequence_start must be true or false, but is 1",
        "{\"sequence_end\": 1} | parameters.sequence_end must be true or false, but is 1"
      })
  void whatClientsSendToEveryServerMustBeOfItsType(String parametersAndMessage) {
    String[] parts = parametersAndMessage.split(" \\| ", 2);

    Reply reply = service.infer("[\"" + text(0) + "\"]", parts[0]);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).contains(parts[1]);
  }

  @Test
  void inferenceWithAModelThatIsNotThereIsABadRequest() {
    Reply reply = service.post("/v2/models/other/infer", "{}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).isEqualTo("there is no model \"other\", only hops");
  }

  @Test
  void pathsAndMethodsThatAreNotThereGetAnErrorObject() {
    Reply nowhere = service.get("/v3/models");
    Reply wrongMethod = service.get(INFER);

    assertThat(nowhere.status()).isEqualTo(404);
    assertThat(nowhere.error()).isEqualTo("there is nothing at \"/v3/models\"");
    assertThat(wrongMethod.status()).isEqualTo(405);
    assertThat(wrongMethod.error()).isEqualTo("\"" + INFER + "\" does not take GET");
  }

  private static String text(int row) {
    StringBuilder text = new StringBuilder();
    for (int id : QUERIES.ids(row)) {
      text.append(QUERIES.vocabulary().token(id));
    }
    return text.toString();
  }

  private static String ids(int row) {
    return String.join(", ", IntStream.of(QUERIES.ids(row)).mapToObj(Integer::toString).toList());
  }

  private static String tail(int row) {
    return QUERIES.vocabulary().token(Service.CIRCUIT.entity(QUERIES, row, HOPS));
  }

  private static JsonNode data(JsonNode response, String output) {
    for (JsonNode tensor : response.path("outputs")) {
      if (tensor.path("name").asText().equals(output)) {
        return tensor.path("data");
      }
    }
    throw new AssertionError("no output " + output + " in " + response);
  }
}
