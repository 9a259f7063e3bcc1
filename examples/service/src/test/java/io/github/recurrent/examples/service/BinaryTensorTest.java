package io.github.recurrent.examples.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.examples.service.request.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors as plain bytes behind the JSON of a body. */
final class BinaryTensorTest {
  private static final String HEADER = "Inference-Header-Content-Length";
  private static final String TEXT =
      "{\"inputs\": [{\"name\": \"query\", \"shape\": [1], \"datatype\": \"BYTES\", \"parameters\":"
          + " {\"binary_data_size\": %s}}]}";
  private static final String IDS =
      "{\"inputs\": [{\"name\": \"input_ids\", \"shape\": [1, 3], \"datatype\": \"INT64\","
          + " \"parameters\": {\"binary_data_size\": 24}}], \"outputs\": [%s]%s}";

  @TempDir static Path folder;
  private static Service service;

  @BeforeAll
  static void start() throws IOException {
    service = Service.ready(folder);
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @Test
  void theExtensionIsListed() {
    assertThat(service.get("/v2").json().path("extensions").get(0).asText())
        .isEqualTo("binary_tensor_data");
  }

  @Test
  void bytesOfIntegersAreAnsweredAsJsonUnlessAskedOtherwise() {
    HttpResponse<byte[]> reply = post(IDS.formatted("", ""), ids());

    assertThat(reply.statusCode()).as(text(reply)).isEqualTo(200);
    assertThat(reply.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/json");
    assertThat(reply.headers().firstValue(HEADER)).isEmpty();
    assertThat(Json.read(reply.body()).path("outputs").get(0).path("data").get(0).asText())
        .isEqualTo(expected());
  }

  @Test
  void outputsThatAreAskedForAsBytesStandBehindTheJsonInOrder() {
    HttpResponse<byte[]> reply =
        post(
            IDS.formatted(
                "{\"name\": \"iterations\", \"parameters\": {\"binary_data\": true}},"
                    + "{\"name\": \"cause\"},"
                    + "{\"name\": \"answer\", \"parameters\": {\"binary_data\": true}}",
                ""),
            ids());

    JsonNode outputs = header(reply).path("outputs");
    ByteBuffer bytes = behind(reply);
    assertThat(outputs.findValuesAsText("name")).containsExactly("iterations", "cause", "answer");
    assertThat(outputs.get(0).path("parameters").path("binary_data_size").asInt()).isEqualTo(4);
    assertThat(outputs.get(0).has("data")).isFalse();
    assertThat(outputs.get(1).path("data")).hasToString("[\"settled\"]");
    assertThat(outputs.get(1).has("parameters")).isFalse();
    assertThat(bytes.getInt()).isPositive();
    assertThat(bytes.getInt()).isEqualTo(bytes.remaining());
    assertThat(UTF_8.decode(bytes).toString()).isEqualTo(expected());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{\"name\": \"answer\"}, {\"name\": \"probability\"}, {\"name\": \"cause\"}"})
  void allOutputsAreBytesIfTheRequestSaysSo(String outputs) {
    HttpResponse<byte[]> reply =
        post(IDS.formatted(outputs, ", \"parameters\": {\"binary_data_output\": true}"), ids());

    int sizes =
        header(reply).path("outputs").findValues("binary_data_size").stream()
            .mapToInt(JsonNode::asInt)
            .sum();
    assertThat(header(reply).path("outputs").findValues("data")).isEmpty();
    assertThat(behind(reply).remaining()).isEqualTo(sizes);
    assertThat(reply.headers().firstValue("content-type")).hasValue("application/octet-stream");
  }

  @Test
  void anOutputMayBeJsonAmongBytes() {
    HttpResponse<byte[]> reply =
        post(
            IDS.formatted(
                "{\"name\": \"answer\", \"parameters\": {\"binary_data\": false}},"
                    + "{\"name\": \"probability\"}",
                ", \"parameters\": {\"binary_data_output\": true}"),
            ids());

    assertThat(header(reply).path("outputs").get(0).path("data"))
        .hasToString("[\"" + expected() + "\"]");
    assertThat(behind(reply).getFloat()).isBetween(0.9f, 1f);
  }

  @Test
  void stringsHaveTheirLengthsBefore() {
    HttpResponse<byte[]> reply = post(TEXT.formatted("19"), string("<e_3><r_1><r_0>"));

    assertThat(Json.read(reply.body()).path("outputs").get(0).path("data").get(0).asText())
        .isEqualTo(expected());
  }

  @Test
  void aHeaderOfTheWholeBodyIsThatOfJsonAlone() {
    String body = Service.inferBody("[\"<e_3><r_1><r_0>\"]", "{}");

    assertThat(sent(Integer.toString(body.length()), body.getBytes(UTF_8)).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "18 | 1 bytes stand behind the JSON and the binary data of the inputs",
        "20 | inputs[0].parameters.binary_data_size is 20, but only 19 bytes are left",
        "9223372036854775807 | is 9223372036854775807, but only 19 bytes are left",
        "-1 | inputs[0].parameters.binary_data_size must be an integer from 0, but is -1",
        "19.0 | must be an integer from 0, but is 19.0",
        "\"19\" | must be an integer from 0, but is \"19\"",
        "18446744073709551616 | must be an integer from 0"
      })
  void sizesThatDisagreeAreRefused(String sizeAndMessage) {
    String[] parts = sizeAndMessage.split(" \\| ", 2);

    HttpResponse<byte[]> reply = post(TEXT.formatted(parts[0]), string("<e_3><r_1><r_0>"));

    assertRefused(reply, parts[1]);
  }

  @Test
  void elementsThatAreCutOffAreRefused() {
    byte[] tooLong = string("<e_3><r_1><r_0>");
    tooLong[0]++;
    byte[] negative = string("<e_3><r_1><r_0>");
    negative[3] = (byte) 0x80;
    byte[] notUtf8 = string("<e_3><r_1><r_0>");
    notUtf8[5] = (byte) 0xff;
    String ids = IDS.replace("24", "23").formatted("", "");
    String place = "the binary data of inputs[0] ";

    assertRefused(post(TEXT.formatted(19), tooLong), place + "ends within an element");
    assertRefused(post(TEXT.formatted(19), negative), place + "ends within an element");
    assertRefused(post(TEXT.formatted(3), new byte[3]), place + "ends within an element");
    assertRefused(post(TEXT.formatted(19), notUtf8), place + "has a string that is not in UTF-8");
    assertRefused(post(ids, Arrays.copyOf(ids(), 23)), "ends within an element of \"INT64\"");
    assertRefused(
        post(IDS.replace("[1, 3]", "[1, 4]").formatted("", ""), ids()),
        "inputs[0].data has 3 elements, but the shape is [1, 4]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1 | must be one number of bytes, but is \"-1\"",
        "x | must be one number of bytes, but is \"x\"",
        "99999999999999999999 | must be one number of bytes",
        "4294967297 | is 4294967297, but the body has only",
        "1000 | is 1000, but the body has only",
        "3 | the body is not valid JSON",
        "0 | the body must be a JSON object, but is empty"
      })
  void aHeaderThatIsNotTheLengthOfTheJsonIsRefused(String headerAndMessage) {
    String[] parts = headerAndMessage.split(" \\| ", 2);

    HttpResponse<byte[]> reply =
        sent(parts[0], join(TEXT.formatted(19), string("<e_3><r_1><r_0>")));

    assertRefused(reply, parts[1]);
  }

  @Test
  void twoHeadersAreRefused() {
    byte[] body = join(TEXT.formatted(19), string("<e_3><r_1><r_0>"));
    HttpRequest request = request(body).header(HEADER, "1").header(HEADER, "2").build();

    assertRefused(service.sentForBytes(request), "must be one number of bytes, but is \"1, 2\"");
  }

  @Test
  void bytesWithoutTheHeaderAreRefused() {
    byte[] body = TEXT.formatted(19).getBytes(UTF_8);

    assertRefused(
        service.sentForBytes(request(body).build()),
        "inputs[0].parameters.binary_data_size needs the header " + HEADER);
  }

  private static void assertRefused(HttpResponse<byte[]> reply, String message) {
    assertThat(reply.statusCode()).as(text(reply)).isEqualTo(400);
    assertThat(Json.read(reply.body()).path("error").asText()).contains(message);
  }

  private static HttpResponse<byte[]> post(String json, byte[] binary) {
    return sent(Integer.toString(json.length()), join(json, binary));
  }

  private static HttpResponse<byte[]> sent(String header, byte[] body) {
    return service.sentForBytes(
        request(body)
            .header("Content-Type", "application/octet-stream")
            .header(HEADER, header)
            .build());
  }

  private static HttpRequest.Builder request(byte[] body) {
    return HttpRequest.newBuilder(service.uri("/v2/models/hops/infer"))
        .POST(BodyPublishers.ofByteArray(body));
  }

  private static byte[] join(String json, byte[] binary) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(json.getBytes(UTF_8));
    body.writeBytes(binary);
    return body.toByteArray();
  }

  private static JsonNode header(HttpResponse<byte[]> reply) {
    JsonNode json = Json.read(Arrays.copyOf(reply.body(), length(reply)));
    Description.requireValid("InferResponse", json);
    return json;
  }

  private static ByteBuffer behind(HttpResponse<byte[]> reply) {
    return ByteBuffer.wrap(reply.body(), length(reply), reply.body().length - length(reply))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int length(HttpResponse<byte[]> reply) {
    return Integer.parseInt(
        reply.headers().firstValue(HEADER).orElseThrow(() -> new AssertionError(text(reply))));
  }

  private static String text(HttpResponse<byte[]> reply) {
    return new String(reply.body(), UTF_8);
  }

  private static byte[] string(String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    return ByteBuffer.allocate(4 + utf8.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(utf8.length)
        .put(utf8)
        .array();
  }

  private static byte[] ids() {
    Vocabulary vocabulary = Service.CIRCUIT.checkpoint().vocabulary();
    ByteBuffer ids = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (String token : new String[] {"<e_3>", "<r_1>", "<r_0>"}) {
      ids.putLong(vocabulary.id(token));
    }
    return ids.array();
  }

  private static String expected() {
    int middle = Service.CIRCUIT.graph().tails(3, 1).get(0);
    return "<e_" + Service.CIRCUIT.graph().tails(middle, 0).get(0) + ">";
  }
}
