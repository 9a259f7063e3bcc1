package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.client.grpc.GrpcClients;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.github.recurrent.examples.service.protocol.InferBatchStatistics;
import io.github.recurrent.examples.service.protocol.ModelStatistics;
import io.github.recurrent.examples.service.protocol.ModelStatisticsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class StatisticsTest {
  private static final String PATH = "/v2/models/hops/versions/1";
  private static final String FIXED = "{\"halting\": \"fixed\", \"iterations\": 5}";

  @TempDir static Path folder;
  private static Service service;

  @BeforeAll
  static void start() throws Exception {
    ModelFolder models = new ModelFolder(Files.createDirectory(folder.resolve("models")));
    models.add("hops", "1").add("hops", "2").add("other", "1");
    service = Service.ofModels(models.path(), "--versions=all", "--batch=64");
    String three = "[\"<e_3><r_1>\", \"<e_1><r_2>\", \"<e_0><r_0>\"]";
    service.post(PATH + "/infer", Service.inferBody("[\"<e_3><r_1><r_0>\"]", FIXED));
    service.post(PATH + "/infer", Service.inferBody(three, FIXED));
    service.post(PATH + "/infer", "{}");
    while (count("success") != 2 || count("fail") != 1) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @Test
  void aVersionTellsWhatItHasDone() {
    JsonNode one = statistics();

    assertThat(one.path("name").asText()).isEqualTo("hops");
    assertThat(one.path("version").asText()).isEqualTo("1");
    assertThat(one.path("last_inference").longValue())
        .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis());
    assertThat(one.path("inference_count").intValue()).isEqualTo(4);
    assertThat(one.path("execution_count").longValue()).isBetween(10L, 20L);
    assertThat(count("queue")).isEqualTo(4);
    assertThat(count("compute_input")).isEqualTo(2);
    assertThat(count("compute_output")).isEqualTo(2);
    assertThat(count("compute_infer")).isEqualTo(one.path("execution_count").longValue());
    assertThat(one.path("inference_stats").path("compute_infer").path("ns").longValue())
        .isPositive();
    assertThat(one.path("inference_stats").path("success").path("ns").longValue()).isPositive();
  }

  @Test
  void iterationsAreCountedByTheSizesOfTheirBatches() {
    long executions = 0;
    for (JsonNode batch : statistics().path("batch_stats")) {
      assertThat(batch.path("batch_size").longValue()).isIn(1L, 2L, 4L);
      executions += batch.path("compute_infer").path("count").longValue();
    }
    assertThat(executions).isEqualTo(statistics().path("execution_count").longValue());
  }

  @Test
  void modelsAndVersionsAreListed() {
    assertThat(service.get("/v2/models/stats").json().findValuesAsText("name"))
        .containsExactlyInAnyOrder("hops", "hops", "other");
    assertThat(service.get("/v2/models/hops/stats").json().findValuesAsText("version"))
        .containsExactlyInAnyOrder("1", "2");
    JsonNode idle = service.get("/v2/models/other/stats").json().path("model_stats").path(0);
    assertThat(idle.path("last_inference").longValue()).isZero();
    assertThat(idle.path("batch_stats")).isEmpty();
    assertThat(service.get("/v2/models/none/stats").status()).isEqualTo(400);
    assertThat(service.get("/v2/models/hops/versions/3/stats").error())
        .isEqualTo("there is no version \"3\" of hops, only 1, 2");
  }

  @Test
  void gRpcTellsTheSame() throws IOException {
    var client =
        GrpcClients.newClient("gproto+" + service.uri("/"), GRPCInferenceServiceBlockingStub.class);

    ModelStatistics one =
        client
            .modelStatistics(
                ModelStatisticsRequest.newBuilder().setName("hops").setVersion("1").build())
            .getModelStats(0);

    assertThat(one.getInferenceCount()).isEqualTo(4);
    assertThat(one.getExecutionCount())
        .isEqualTo(one.getInferenceStats().getComputeInfer().getCount());
    assertThat(one.getInferenceStats().getSuccess().getCount()).isEqualTo(2);
    assertThat(one.getInferenceStats().getFail().getCount()).isEqualTo(1);
    assertThat(one.getBatchStatsList())
        .extracting(InferBatchStatistics::getBatchSize)
        .contains(1L)
        .isSorted();
    assertThat(
            client
                .modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                .getModelStatsCount())
        .isEqualTo(3);
    assertThat(
            catchThrowableOfType(
                    StatusRuntimeException.class,
                    () ->
                        client.modelStatistics(
                            ModelStatisticsRequest.newBuilder().setName("none").build()))
                .getStatus()
                .getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
  }

  private static JsonNode statistics() {
    return service.get(PATH + "/stats").json().path("model_stats").path(0);
  }

  private static long count(String name) {
    return statistics().path("inference_stats").path(name).path("count").longValue();
  }
}
