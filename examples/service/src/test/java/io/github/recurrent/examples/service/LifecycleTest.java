package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.examples.service.Service.Reply;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LifecycleTest {
  private static final String ONE = "[\"<e_0><r_0>\"]";

  @TempDir Path folder;

  @Test
  void aServerIsLiveBeforeItIsReady() throws Exception {
    try (Service service = Service.starting(folder)) {
      assertThat(service.get("/v2/health/live").status()).isEqualTo(200);
      Reply ready = service.get("/v2/health/ready");
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.json().path("ready").asBoolean(true)).isFalse();
      assertThat(service.get("/v2/models/hops/ready").status()).isEqualTo(503);
      Reply early = service.infer(ONE, "{}");
      assertThat(early.status()).isEqualTo(503);
      assertThat(early.headers().firstValue("retry-after")).hasValue("1");
      assertThat(early.error()).isEqualTo("the model is being loaded");

      service.server().load();

      assertThat(service.get("/v2/health/ready").status()).isEqualTo(200);
      assertThat(service.infer(ONE, "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void theEndTurnsUnreadyAtOnceAndAnswersWhatIsUnderWay() throws Exception {
    Service service = Service.ready(folder, "--max-iterations=10000000", "--leave=1s");
    CompletableFuture<Reply> underWay =
        service.posted(
            "/v2/models/hops/infer",
            Service.inferBody(
                ONE,
                Service.ENDLESS.replace(
                    "}", ", \"deadline_ms\": 2000, \"on_deadline\": \"answer\"}")));
    while (service.server().statistics().running() != 1) {
      TimeUnit.MILLISECONDS.sleep(5);
    }

    CompletableFuture<Void> end = CompletableFuture.runAsync(service::close);
    while (service.get("/v2/health/ready").status() != 503) {
      TimeUnit.MILLISECONDS.sleep(5);
    }

    assertThat(service.get("/v2/health/live").status()).isEqualTo(200);
    assertThat(service.infer(ONE, "{}").status()).isEqualTo(200);
    assertThat(underWay.join().status()).isEqualTo(200);
    end.join();
  }

  @Test
  void theEndWaitsNoLongerThanItsBound() throws Exception {
    Service service =
        Service.ready(folder, "--max-iterations=10000000", "--drain=100ms", "--max-deadline=50s");
    CompletableFuture<Reply> underWay =
        service.posted("/v2/models/hops/infer", Service.inferBody(ONE, Service.ENDLESS));
    while (service.server().statistics().running() != 1) {
      TimeUnit.MILLISECONDS.sleep(5);
    }

    service.close();

    assertThat(underWay.handle((reply, problem) -> problem != null || reply.status() == 503).get())
        .isTrue();
  }
}
