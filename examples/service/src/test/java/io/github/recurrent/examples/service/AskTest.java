package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.recurrent.examples.service.Service.Reply;
import io.github.recurrent.examples.service.request.Json;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AskTest {
  private static final String QUESTION = "{\"query\": [\"3\", \"1\", \"0\", \"2\"]}";

  @TempDir static Path folder;
  private static Service service;

  @BeforeAll
  static void start() throws IOException {
    service = Service.ready(folder, "--max-iterations=10000000");
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @Test
  void aQuestionByNamesIsAnsweredByOneObject() {
    Reply reply = service.post("/v1/ask", QUESTION);

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    JsonNode answer = reply.json();
    assertThat(answer.path("query").asText()).isEqualTo("<e_3><r_1><r_0><r_2>");
    assertThat(answer.path("answer").asText()).isEqualTo(expected());
    assertThat(answer.path("token").asText()).isEqualTo("<e_" + expected() + ">");
    assertThat(answer.path("cause").asText()).isEqualTo("settled");
  }

  @Test
  void whoTakesAnythingGetsOneObject() {
    HttpRequest request = service.request("/v1/ask", QUESTION).header("accept", "*/*").build();

    assertThat(service.sent(request).join().json())
        .isEqualTo(service.post("/v1/ask", QUESTION).json());
  }

  @Test
  void aQuestionByTokensIsTheSame() {
    Reply reply = service.post("/v1/ask", "{\"query\": \"<e_3><r_1><r_0><r_2>\"}");

    assertThat(reply.json()).isEqualTo(service.post("/v1/ask", QUESTION).json());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"halting\": \"fixed\", \"iterations\": 6}",
        "{\"halting\": \"fixed\", \"iterations\": 1}",
        "{\"halting\": \"kl\", \"at_least\": 4}",
        "{\"halting\": \"entropy\", \"entropy\": 1e-300, \"at_most\": 7, \"among_entities\": true}",
        "{\"halting\": \"stable_answer\", \"stable_for\": 3}",
        "{\"halting\": \"hidden_change\", \"share\": 0.01, \"at_most\": 12}"
      })
  void aStreamTellsEveryIterationAndThenWhatIsAnsweredWithoutIt(String parameters) {
    String question = QUESTION.replace("}", ", \"parameters\": " + parameters + "}");

    Reply reply = stream(question);
    JsonNode answer = service.post("/v1/ask", question).json();

    assertThat(reply.headers().firstValue("content-type")).hasValue("text/event-stream");
    List<JsonNode> iterations = events(reply, "iteration");
    iterations.forEach(event -> Description.requireValid("IterationEvent", event));
    Description.requireValid("Answer", answer);
    assertThat(iterations)
        .extracting(event -> event.path("iteration").asInt())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, answer.path("iterations").asInt()).boxed().toList());
    assertThat(iterations.get(iterations.size() - 1).path("probability"))
        .isEqualTo(answer.path("probability"));
    assertThat(events(reply, "answer")).containsExactly(answer);
  }

  @Test
  void aStreamWhoseTimeIsUpEndsWithAnError() {
    String question =
        QUESTION.replace(
            "}",
            ", \"parameters\": " + Service.ENDLESS.replace("}", ", \"deadline_ms\": 50}") + "}");

    Reply reply = stream(question);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(events(reply, "error").get(0).path("error").asText())
        .startsWith("no answer within PT0.05S");
    assertThat(events(reply, "answer")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"query\": [\"3\", 1]} | query[1] must be a string, but is an integer",
        "{\"query\": []} | query needs an entity and at least one relation, but has 0",
        "{\"query\": 3} | query must be an array, but is an integer",
        "{\"query\": [\"Ada\", \"0\"]} | query has the unknown entity \"Ada\"; the nearest are",
        "{\"question\": []} | the body has an unknown field \"question\"",
        "{} | query is missing"
      })
  void questionsThatAreNotValidAreRefused(String bodyAndMessage) {
    String[] parts = bodyAndMessage.split(" \\| ", 2);

    Reply reply = service.post("/v1/ask", parts[0]);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).contains(parts[1]);
  }

  private static Reply stream(String question) {
    return service
        .sent(service.request("/v1/ask", question).header("accept", "text/event-stream").build())
        .join();
  }

  private static List<JsonNode> events(Reply reply, String name) {
    String start = "event: " + name + "\ndata: ";
    return Arrays.stream(reply.body().split("\n\n", -1))
        .filter(event -> event.startsWith(start))
        .map(event -> event.substring(start.length()))
        .map(data -> Json.read(data.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  private static String expected() {
    int entity = 3;
    for (int relation : new int[] {1, 0, 2}) {
      entity = Service.CIRCUIT.graph().tails(entity, relation).get(0);
    }
    return Integer.toString(entity);
  }
}
