package io.github.recurrent.examples.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.hash.Hashing;
import io.github.recurrent.examples.service.Service.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page, and what it asks for. */
final class PageTest {
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
  void thePageMayRunItsOwnScriptAndNothingElse() {
    Reply page = service.get("/");
    String policy = page.headers().firstValue("content-security-policy").orElseThrow();
    String script =
        page.body()
            .substring(page.body().indexOf("<script>") + 8, page.body().indexOf("</script>"));

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(policy)
        .startsWith("default-src 'none'; script-src 'sha256-")
        .contains(
            Base64.getEncoder()
                .encodeToString(Hashing.sha256().hashString(script, UTF_8).asBytes()))
        .doesNotContain("unsafe", "http", "*");
  }

  @Test
  void thePageHasNothingFromElsewhere() {
    assertThat(service.get("/").body().replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "src=", "@import", "style=\"")
        .doesNotContainPattern("\\son[a-z]+=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind=entity&start=1&most=3 | [\"1\"]",
        "kind=entity&most=2 | [\"0\",\"1\"]",
        "kind=relation | [\"0\",\"1\",\"2\"]",
        "kind=relation&start=zz | []"
      })
  void namesAreFoundByHowTheyBegin(String queryAndNames) {
    String[] parts = queryAndNames.split(" \\| ", 2);

    Reply reply = service.get("/v1/names?" + parts[0]);

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("names")).hasToString(parts[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "start=a | kind must be entity or relation, but is \"\"",
        "kind=token | kind must be entity or relation, but is \"token\"",
        "kind=entity&most=101 | most must be an integer from 1 to 100, the limit here",
        "kind=entity&most=0 | most must be an integer from 1 to 100",
        "kind=entity&most=x | most must be an integer from 1 to 100",
        "kind=entity&kind=relation | each at most once, but one is \"kind\"",
        "kind=entity&end=x | are kind, start, most, model, version, each at most once, but one is \"end\""
      })
  void questionsForNamesThatAreNotValidAreRefused(String queryAndMessage) {
    String[] parts = queryAndMessage.split(" \\| ", 2);

    Reply reply = service.get("/v1/names?" + parts[0]);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).contains(parts[1]);
  }

  @Test
  void theStatusTellsAnswersIterationsByHopsAndLimits() {
    JsonNode before = service.get("/v1/status").json();
    int iterations =
        service
            .post("/v1/ask", "{\"query\": [\"3\", \"1\", \"0\", \"2\", \"1\"]}")
            .json()
            .path("iterations")
            .asInt();

    JsonNode after = service.get("/v1/status").json();

    assertThat(after.path("queries").path("answered").asInt())
        .isEqualTo(before.path("queries").path("answered").asInt() + 1);
    JsonNode row = after.path("iterations_by_hops").get(0);
    assertThat(row.path("hops").asText()).isEqualTo("4");
    assertThat(row.path("mean_iterations").asDouble()).isEqualTo(iterations);
    assertThat(after.path("model").asText()).isEqualTo("hops");
    assertThat(after.path("models")).hasToString("[\"hops\"]");
    assertThat(service.get("/v1/status?model=hops&version=1").status()).isEqualTo(200);
    assertThat(service.get("/v1/status?model=other").error()).startsWith("there is no model");
    assertThat(after.path("limits").path("rows").asInt()).isEqualTo(256);
    assertThat(after.path("entities").asInt())
        .isEqualTo(Service.CIRCUIT.checkpoint().vocabulary().entities());
  }

  @Test
  void withoutAModelThereIsThePageAndNothingToShow(@TempDir Path other) throws IOException {
    try (Service starting = Service.starting(other)) {
      assertThat(starting.get("/").status()).isEqualTo(200);
      assertThat(starting.get("/v1/status").status()).isEqualTo(503);
      assertThat(starting.get("/v1/names?kind=entity").status()).isEqualTo(503);
    }
  }
}
