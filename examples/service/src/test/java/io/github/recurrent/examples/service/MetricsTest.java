package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.examples.service.Service.Reply;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
final class MetricsTest {
  private static final String ONE = "[\"<e_3><r_1><r_0>\"]";
  private static final String MODEL = "model=\"hops\",version=\"1\"";
  private static final String SUCCESS = "nv_inference_request_success";
  private static final String FAILURE = "nv_inference_request_failure";
  private static final String QUERIES = "recurrent_queries_total";
  private static final List<String> HISTOGRAMS =
      List.of(
          "recurrent_request_seconds",
          "recurrent_queue_seconds",
          "recurrent_iterations",
          "recurrent_batch_rows");

  @TempDir Path folder;

  @Test
  void answeredRequestsMoveTheirCountersByAsMuch() throws Exception {
    try (Service service = Service.ready(folder)) {
      Exposition none = scrape(service);
      assertThat(none.value(SUCCESS, MODEL)).isZero();
      assertThat(none.value("nv_inference_pending_request_count", MODEL)).isZero();
      assertThat(none.value("recurrent_open_batchers", "")).isEqualTo(1);

      assertThat(service.infer(ONE, fixed(7)).status()).isEqualTo(200);
      Exposition one = await(service, SUCCESS, MODEL, 1);

      assertThat(one.value("nv_inference_count", MODEL)).isEqualTo(1);
      assertThat(one.value("nv_inference_exec_count", MODEL)).isEqualTo(7);
      assertThat(one.value("recurrent_tokens_computed_total", MODEL)).isEqualTo(7 * 3);
      assertThat(one.value(QUERIES, "model=\"hops\",outcome=\"answered\",version=\"1\""))
          .isEqualTo(1);
      assertThat(one.value("recurrent_batch_rows_count", MODEL)).isEqualTo(7);
      assertThat(one.value("recurrent_batch_rows_sum", MODEL)).isEqualTo(7);
      assertThat(one.value("recurrent_request_seconds_count", MODEL)).isEqualTo(1);
      assertThat(one.value("recurrent_queue_seconds_count", MODEL)).isEqualTo(1);
      assertThat(one.value("recurrent_iterations_count", hops("2"))).isEqualTo(1);
      assertThat(one.value("recurrent_iterations_sum", hops("2"))).isEqualTo(7);
      for (String time :
          List.of("request_duration_us", "queue_duration_us", "compute_infer_duration_us")) {
        assertThat(one.value("nv_inference_" + time, MODEL)).as(time).isPositive();
      }

      String three = "[\"<e_3><r_1>\", \"<e_1><r_2>\", \"<e_0><r_0><r_0><r_0>\"]";
      assertThat(service.infer(three, fixed(4)).status()).isEqualTo(200);
      Exposition two = await(service, SUCCESS, MODEL, 2);

      assertThat(two.value("nv_inference_count", MODEL)).isEqualTo(4);
      assertThat(two.value("recurrent_batch_rows_sum", MODEL)).isEqualTo(7 + 3 * 4);
      assertThat(two.value("recurrent_tokens_computed_total", MODEL)).isEqualTo(7 * 3 + 4 * 8);
      assertThat(two.value("recurrent_iterations_count", hops("1"))).isEqualTo(2);
      assertThat(two.value("recurrent_iterations_count", hops("3"))).isEqualTo(1);
      assertThat(two.value("recurrent_request_seconds_count", MODEL)).isEqualTo(2);
    }
  }

  @Test
  void requestsThatFailAreCountedByTheirReasons() throws Exception {
    try (Service service =
        Service.ready(
            folder, "--batch=1", "--queue=2", "--max-rows=2", "--max-iterations=10000000")) {
      service.infer("[\"<e_9><r_0>\"]", "{}");
      Exposition invalid = await(service, FAILURE, reason("OTHER"), 1);
      assertThat(invalid.value(QUERIES, outcome("expired"))).isZero();

      Reply late = service.infer(ONE, Service.ENDLESS.replace("}", ", \"deadline_ms\": 20}"));
      assertThat(late.status()).isEqualTo(504);
      Exposition expired = await(service, FAILURE, reason("OTHER"), 2);
      assertThat(expired.value(QUERIES, outcome("expired"))).isEqualTo(1);

      Reply soFar =
          service.infer(
              ONE,
              Service.ENDLESS.replace("}", ", \"deadline_ms\": 500, \"on_deadline\": \"answer\"}"));
      assertThat(soFar.status()).isEqualTo(200);
      Exposition answered = await(service, SUCCESS, MODEL, 1);
      assertThat(answered.value(QUERIES, outcome("answered_so_far"))).isEqualTo(1);

      CompletableFuture<Reply> running = endless(service, ONE);
      awaitRunning(service, 1);
      CompletableFuture<Reply> waiting = endless(service, "[\"<e_3><r_1>\", \"<e_1><r_2>\"]");
      await(service, "nv_inference_pending_request_count", MODEL, 2);
      assertThat(service.infer(ONE, "{}").status()).isEqualTo(429);
      Exposition refused = await(service, FAILURE, reason("REJECTED"), 1);
      assertThat(refused.value(QUERIES, outcome("refused"))).isEqualTo(1);

      running.cancel(true);
      waiting.cancel(true);
      Exposition cancelled = await(service, FAILURE, reason("CANCELED"), 2);
      assertThat(cancelled.value(QUERIES, outcome("cancelled"))).isEqualTo(3);
      assertThat(cancelled.value(FAILURE, reason("OTHER"))).isEqualTo(2);
      assertThat(cancelled.value(FAILURE, reason("BACKEND"))).isZero();
      assertThat(cancelled.value(SUCCESS, MODEL)).isEqualTo(1);
      assertThat(cancelled.value("recurrent_request_seconds_count", MODEL)).isEqualTo(6);
    }
  }

  @Test
  void distributionsAreHistogramsThatReplicasCanAddUp() throws Exception {
    try (Service service = Service.ready(folder)) {
      service.infer(ONE, fixed(7));
      Exposition metrics = await(service, SUCCESS, MODEL, 1);

      // A summary without quantiles, of the time of garbage collections, can be added up too.
      assertThat(metrics.with("quantile")).isEmpty();
      for (String name : HISTOGRAMS) {
        assertThat(metrics.types()).containsEntry(name, "histogram");
        Map<String, Double> counts = metrics.with(name + "_count{");
        assertThat(counts).isNotEmpty();
        for (var count : counts.entrySet()) {
          String infinite = count.getKey().replace("_count{", "_bucket{").replace("}", "");
          assertThat(metrics.with(infinite + ",le=\"+Inf\""))
              .as(count.getKey())
              .containsValue(count.getValue());
        }
      }
      assertThat(metrics.types().keySet())
          .contains(
              "jvm_memory_used_bytes",
              "jvm_buffer_pool_used_bytes",
              "jvm_threads_current",
              "process_open_fds");
    }
  }

  @Test
  void aQueryOfManyHopsSharesItsLabel() throws Exception {
    // The circuit takes no more tokens than it has positions.
    try (Service service = Service.ready(folder)) {
      service.infer("[\"<e_3>" + "<r_1>".repeat(5) + "\"]", "{}");
      Exposition metrics = await(service, SUCCESS, MODEL, 1);

      assertThat(metrics.with("hops=")).isNotEmpty();
      assertThat(metrics.with("hops=")).hasSameSizeAs(metrics.with("hops=\"5\""));
    }
  }

  @Test
  void theSeriesOfAVersionThatIsGoneDisappear() throws Exception {
    ModelFolder models =
        new ModelFolder(Files.createDirectory(folder.resolve("models"))).add("hops", "1");
    try (Service service = Service.ofModels(models.path(), "--poll=20ms")) {
      service.infer(ONE, fixed(7));
      Exposition before = await(service, SUCCESS, MODEL, 1);
      assertThat(before.with("version=\"1\"")).hasSizeGreaterThan(50);

      models.add("hops", "2");
      Exposition after = scrape(service);
      while (Double.isNaN(after.value(SUCCESS, MODEL.replace('1', '2')))
          || !after.with("version=\"1\"").isEmpty()) {
        after = scrape(service);
      }

      assertThat(scrape(service).value("recurrent_open_batchers", "")).isEqualTo(1);
      service.infer(ONE, fixed(7));
      Exposition next = await(service, SUCCESS, MODEL.replace('1', '2'), 1);
      assertThat(next.with("version=\"1\"")).isEmpty();
    }
  }

  @Test
  void openMetricsIsWrittenForThoseWhoAskForIt() throws Exception {
    try (Service service = Service.ready(folder)) {
      HttpRequest request =
          HttpRequest.newBuilder(service.uri("/metrics"))
              .header("accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
              .build();

      Reply open = service.sent(request).join();
      Reply plain = service.get("/metrics");

      assertThat(open.headers().firstValue("content-type"))
          .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
      assertThat(open.body()).endsWith("# EOF\n");
      assertThat(plain.headers().firstValue("content-type"))
          .hasValue("text/plain; version=0.0.4; charset=utf-8");
    }
  }

  private static Exposition scrape(Service service) {
    return new Exposition(service.get("/metrics").body());
  }

  /** Waits until a value is there: a request is counted when its answer has been sent. */
  private static Exposition await(Service service, String name, String labels, double value)
      throws InterruptedException {
    while (scrape(service).value(name, labels) != value) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    // A look reads one after another while they change; the next sees what this one had missed.
    return scrape(service);
  }

  private static void awaitRunning(Service service, int count) throws InterruptedException {
    while (service.server().statistics().running() != count) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static CompletableFuture<Reply> endless(Service service, String queries) {
    return service.posted("/v2/models/hops/infer", Service.inferBody(queries, Service.ENDLESS));
  }

  private static String fixed(int iterations) {
    return "{\"halting\": \"fixed\", \"iterations\": " + iterations + "}";
  }

  private static String hops(String hops) {
    return "hops=\"" + hops + "\"," + MODEL;
  }

  private static String reason(String reason) {
    return "model=\"hops\",reason=\"" + reason + "\",version=\"1\"";
  }

  private static String outcome(String outcome) {
    return "model=\"hops\",outcome=\"" + outcome + "\",version=\"1\"";
  }
}
