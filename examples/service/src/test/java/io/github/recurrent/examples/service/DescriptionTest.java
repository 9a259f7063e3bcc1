package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.request.Output;
import io.github.recurrent.examples.service.request.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI description tells what the service does. */
final class DescriptionTest {
  @Test
  void itIsServed(@TempDir Path folder) throws Exception {
    try (Service service = Service.starting(folder)) {
      assertThat(service.get("/openapi.json").json()).isEqualTo(Description.DOCUMENT);
    }
  }

  @Test
  void itHasTheOutputsAndInputsThatThereAre() {
    JsonNode schemas = Description.DOCUMENT.path("components").path("schemas");

    assertThat(schemas.path("OutputName").path("enum").valueStream())
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(Arrays.stream(Output.values()).map(Output::text).toList());
    assertThat(
            schemas.path("InputTensor").path("properties").path("name").path("enum").valueStream())
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(TensorSpec.INPUTS.stream().map(TensorSpec::name).toList());
  }

  @Test
  void itRefusesWhatTheServiceDoesNotAnswer() {
    JsonNode tensorWithoutData =
        Json.read(
            """
            {"model_name": "hops", "model_version": "1",
             "outputs": [{"name": "answer", "shape": [1], "datatype": "BYTES"}]}"""
                .getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> Description.requireValid("InferResponse", tensorWithoutData))
        .isInstanceOf(AssertionError.class);
  }
}
