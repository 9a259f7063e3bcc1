package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.grpc.GrpcClients;
import io.github.recurrent.examples.service.Service.Reply;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.github.recurrent.examples.service.protocol.InferTensorContents;
import io.github.recurrent.examples.service.protocol.ModelInferRequest;
import io.github.recurrent.examples.service.repository.Repository;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
final class RepositoryTest {
  private static final String ONE = "[\"<e_3><r_1><r_0>\"]";

  /** No look comes by itself within a test. */
  private static final String RARELY = "--poll=1m";

  private static final String OFTEN = "--poll=20ms";
  private static final String CONTROL = "--repository-control";

  @TempDir Path folder;
  private ModelFolder models;

  @BeforeEach
  void createFolder() throws IOException {
    models = new ModelFolder(Files.createDirectory(folder.resolve("models")));
  }

  @ParameterizedTest
  @CsvSource({
    "all, '[\"1\",\"3\",\"20\"]'",
    "latest, '[\"20\"]'",
    "latest:1, '[\"20\"]'",
    "latest:2, '[\"3\",\"20\"]'",
    "latest:9, '[\"1\",\"3\",\"20\"]'",
    "3, '[\"3\"]'",
    "'20,1,7', '[\"1\",\"20\"]'"
  })
  void thePolicySaysWhichVersionsAreServed(String policy, String served) throws IOException {
    models.add("hops", "1").add("hops", "3").add("hops", "20");

    try (Service service = Service.ofModels(models.path(), RARELY, "--versions=" + policy)) {
      JsonNode versions = service.get("/v2/models/hops").json().path("versions");

      assertThat(versions).hasToString(served);
      assertThat(service.server().measures().openBatchers()).isEqualTo(versions.size());
      assertThat(version(service, "/v2/models/hops/infer"))
          .isEqualTo(versions.get(versions.size() - 1).asText());
      for (JsonNode version : versions) {
        assertThat(version(service, "/v2/models/hops/versions/" + version.asText() + "/infer"))
            .isEqualTo(version.asText());
      }
    }
  }

  @Test
  void versionsThatAreNotServedDoNotExistForRequests() throws IOException {
    models.add("hops", "1").add("hops", "2").add("other", "7");

    try (Service service = Service.ofModels(models.path(), RARELY)) {
      for (String version : List.of("1", "3", "02", "-2", "2.0", "x", "99999999999999999999")) {
        String path = "/v2/models/hops/versions/" + version;
        assertThat(service.get(path).status()).as(version).isEqualTo(400);
        assertThat(service.get(path + "/ready").status()).as(version).isEqualTo(404);
        assertThat(service.post(path + "/infer", body()).status()).as(version).isEqualTo(400);
      }
      assertThat(service.get("/v2/models/hops/versions/1").error())
          .isEqualTo("there is no version \"1\" of hops, only 2");
      assertThat(service.get("/v2/models/none").error())
          .isEqualTo("there is no model \"none\", only hops, other");
    }
  }

  @Test
  void aQuestionNamesItsModelWhereThereAreSeveral() throws IOException {
    models.add("hops", "1").add("hops", "2").add("other", "7");

    try (Service service = Service.ofModels(models.path(), RARELY, "--versions=all")) {
      String query = "\"query\": [\"3\", \"1\", \"0\"]";
      assertThat(service.post("/v1/ask", "{" + query + "}").error())
          .isEqualTo("model is missing, which must say what model to ask: only hops, other");
      assertThat(service.post("/v1/ask", "{\"model\": \"hops\", " + query + "}").status())
          .isEqualTo(200);
      assertThat(
              service
                  .post("/v1/ask", "{\"model\": \"hops\", \"version\": \"1\", " + query + "}")
                  .status())
          .isEqualTo(200);
      assertThat(
              service
                  .post("/v1/ask", "{\"model\": \"hops\", \"version\": \"7\", " + query + "}")
                  .error())
          .isEqualTo("there is no version \"7\" of hops, only 1, 2");
      assertThat(service.post("/v1/ask", "{\"model\": 3, " + query + "}").error())
          .isEqualTo("model must be a string, but is an integer");
    }
  }

  @Test
  void aNewVersionTakesTheServiceOverWithoutALostRequest() throws Exception {
    models.add("hops", "1");
    try (Service service = Service.ofModels(models.path(), OFTEN)) {
      AtomicBoolean done = new AtomicBoolean();
      ExecutorService clients = Executors.newFixedThreadPool(4);
      List<CompletableFuture<List<Reply>>> asked =
          IntStream.range(0, 4)
              .mapToObj(
                  client ->
                      CompletableFuture.supplyAsync(
                          () -> {
                            List<Reply> replies = new ArrayList<>();
                            while (!done.get()) {
                              replies.add(service.infer(ONE, "{}"));
                            }
                            return replies;
                          },
                          clients))
              .toList();

      for (int version = 2; version <= 5; version++) {
        models.add("hops", Integer.toString(version));
        String path = "/v2/models/hops/versions/" + version + "/ready";
        await(() -> service.get(path).status() == 200);
      }
      await(() -> service.server().measures().openBatchers() == 1);
      Reply last = service.infer(ONE, "{}");
      done.set(true);

      List<Reply> replies = asked.stream().flatMap(future -> future.join().stream()).toList();
      clients.shutdown();
      assertThat(replies).hasSizeGreaterThan(20).allMatch(reply -> reply.status() == 200);
      assertThat(replies).extracting(RepositoryTest::answer).containsOnly(answer(last));
      assertThat(replies).extracting(RepositoryTest::version).contains("1", "5");
      assertThat(version(last)).isEqualTo("5");
    }
  }

  @Test
  void streamsAndCallsOfGrpcAreAllAnsweredWhileVersionsChange() throws Exception {
    models.add("hops", "1");
    try (Service service = Service.ofModels(models.path(), OFTEN)) {
      var client =
          GrpcClients.newClient(
              "gproto+" + service.uri("/"), GRPCInferenceServiceBlockingStub.class);
      ModelInferRequest call =
          ModelInferRequest.newBuilder()
              .setModelName("hops")
              .addInputs(
                  ModelInferRequest.InferInputTensor.newBuilder()
                      .setName("query")
                      .setDatatype("BYTES")
                      .addShape(1)
                      .setContents(
                          InferTensorContents.newBuilder()
                              .addBytesContents(ByteString.copyFromUtf8("<e_3><r_1><r_0>"))))
              .build();
      HttpRequest stream =
          service
              .request("/v1/ask", "{\"query\": \"<e_3><r_1><r_0>\"}")
              .header("accept", "text/event-stream")
              .build();
      AtomicBoolean done = new AtomicBoolean();
      CompletableFuture<List<String>> streamed =
          CompletableFuture.supplyAsync(
              () -> until(done, () -> service.sent(stream).join().body()));
      CompletableFuture<List<String>> called =
          CompletableFuture.supplyAsync(
              () -> until(done, () -> client.modelInfer(call).getModelVersion()));

      for (int version = 2; version <= 4; version++) {
        models.add("hops", Integer.toString(version));
        String path = "/v2/models/hops/versions/" + version + "/ready";
        await(() -> service.get(path).status() == 200);
      }
      await(() -> service.server().measures().openBatchers() == 1);
      done.set(true);

      assertThat(streamed.join()).isNotEmpty().allMatch(events -> events.contains("event: answer"));
      assertThat(called.join()).contains("4").allMatch(version -> version.matches("[1-4]"));
    }
  }

  /** Asks once more when it is done. */
  private static List<String> until(AtomicBoolean done, Supplier<String> ask) {
    List<String> answers = new ArrayList<>();
    while (!done.get()) {
      answers.add(ask.get());
    }
    answers.add(ask.get());
    return answers;
  }

  @Test
  void anOldVersionIsClosedWhenItsLastRequestIsAnswered() throws Exception {
    models.add("hops", "1");
    try (Service service =
        Service.ofModels(models.path(), OFTEN, "--max-iterations=10000000", "--max-deadline=50s")) {
      CompletableFuture<Reply> underWay = endless(service, 50_000);
      await(() -> service.server().statistics().running() == 1);

      models.add("hops", "2");
      await(() -> service.get("/v2/models/hops/versions/1/ready").status() == 404);

      assertThat(version(service, "/v2/models/hops/infer")).isEqualTo("2");
      assertThat(service.server().measures().openBatchers()).isEqualTo(2);
      assertThat(underWay).isNotDone();
      underWay.cancel(true);
      await(() -> service.server().measures().openBatchers() == 1);
    }
  }

  @Test
  void aDamagedVersionDoesNotHarmTheOneBeforeAndIsTriedAgainWhenItChanges() throws Exception {
    models.add("hops", "1");
    try (Service service = Service.ofModels(models.path(), OFTEN, CONTROL)) {
      models.addDamaged("hops", "2");
      await(() -> state(service, "hops", "2").equals("UNAVAILABLE"));

      assertThat(version(service, "/v2/models/hops/infer")).isEqualTo("1");
      assertThat(reason(service, "hops", "2")).contains("model.data");
      assertThat(service.get("/v2/health/ready").status()).isEqualTo(200);
      assertThat(service.get("/v2/models/hops/versions/2/ready").status()).isEqualTo(503);
      assertThat(service.post("/v2/models/hops/versions/2/infer", body()).error())
          .isEqualTo("the model cannot be loaded");

      models.overwrite("hops", "2");

      await(() -> service.get("/v2/models/hops/versions/1/ready").status() == 404);
      assertThat(version(service, "/v2/models/hops/infer")).isEqualTo("2");
    }
  }

  @Test
  void aVersionThatCannotBeLoadedIsToldOfOnce() throws Exception {
    Logger log = (Logger) LoggerFactory.getLogger(Repository.class);
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    told.start();
    log.addAppender(told);
    models.add("once", "1").addDamaged("once", "2");
    Files.createDirectory(models.path().resolve("once@"));

    try (Service service = Service.ofModels(models.path(), "--poll=2ms")) {
      TimeUnit.MILLISECONDS.sleep(100);
      assertThat(service.get("/v2/models/once/ready").status()).isEqualTo(200);
    } finally {
      log.detachAppender(told);
    }

    assertThat(List.copyOf(told.list))
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.contains("once"))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).startsWith("once@ is ignored: the name of a model must be"),
            line -> assertThat(line).startsWith("Version 2 of once cannot be loaded: "),
            line -> assertThat(line).isEqualTo("Version 1 of once is loaded"));
  }

  @Test
  void theNewestVersionThatCanBeLoadedServesFromTheStart() throws IOException {
    models.add("hops", "1").add("hops", "2").addDamaged("hops", "3").addDamaged("hops", "4");

    try (Service service = Service.ofModels(models.path(), RARELY, CONTROL)) {
      assertThat(service.get("/v2/health/ready").status()).isEqualTo(200);
      assertThat(version(service, "/v2/models/hops/infer")).isEqualTo("2");
      assertThat(state(service, "hops", "1")).isEqualTo("UNAVAILABLE");
      assertThat(reason(service, "hops", "1")).isEqualTo("the policy latest:1 does not want it");
      assertThat(state(service, "hops", "3")).isEqualTo("UNAVAILABLE");
      assertThat(reason(service, "hops", "4")).contains("model.data");
    }
  }

  @Test
  void aServerIsReadyOnceEveryModelOfTheStartIs() throws Exception {
    models.add("hops", "1").addDamaged("other", "1");

    try (Service service = Service.ofModels(models.path(), OFTEN)) {
      assertThat(service.get("/v2/health/live").status()).isEqualTo(200);
      assertThat(service.get("/v2/health/ready").status()).isEqualTo(503);
      assertThat(service.get("/v2/models/hops/ready").status()).isEqualTo(200);
      assertThat(service.get("/v2/models/other/ready").status()).isEqualTo(503);
      assertThat(service.infer(ONE, "{}").status()).isEqualTo(200);

      models.overwrite("other", "1");

      await(() -> service.get("/v2/health/ready").status() == 200);
      assertThat(service.get("/v2/models/other/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void aFolderWithoutModelsIsNotReadyUntilOneComes() throws Exception {
    try (Service service = Service.ofModels(models.path(), OFTEN)) {
      assertThat(service.get("/v2/health/ready").status()).isEqualTo(503);
      assertThat(service.infer(ONE, "{}").error())
          .isEqualTo("there is no model \"hops\", and none is loaded");

      models.add("hops", "1");

      await(() -> service.get("/v2/health/ready").status() == 200);
    }
  }

  @Test
  void changedFilesTakeThePlaceOfThoseThatServe() throws Exception {
    models.add("hops", "1");
    try (Service service = Service.ofModels(models.path(), OFTEN)) {
      var before = service.server().models().open().get(0);

      models.overwrite("hops", "1");

      await(() -> !service.server().models().open().contains(before));
      assertThat(service.server().measures().openBatchers()).isEqualTo(1);
      assertThat(service.infer(ONE, "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void filesThatAreDamagedInPlaceLeaveTheLoadedOnesServing() throws Exception {
    models.add("hops", "1");
    try (Service service = Service.ofModels(models.path(), OFTEN, CONTROL)) {
      Path file = models.version("hops", "1").resolve("model.onnx");
      Files.delete(file);
      Files.writeString(file, "not a model");

      await(() -> !reason(service, "hops", "1").isEmpty());

      assertThat(state(service, "hops", "1")).isEqualTo("READY");
      assertThat(service.infer(ONE, "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void whatIsRemovedIsServedNoLonger() throws Exception {
    models.add("hops", "1").add("other", "1");
    try (Service service = Service.ofModels(models.path(), OFTEN)) {
      models.remove("hops", "1");

      await(() -> service.get("/v2/models/hops/ready").status() == 404);
      await(() -> service.server().measures().openBatchers() == 1);
      assertThat(service.get("/v2/models/other/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void aFolderThatCannotBeSeenLeavesTheLoadedModelsServing() throws Exception {
    models.add("hops", "1");
    try (Service service = Service.ofModels(models.path(), "--poll=5ms")) {
      Files.move(models.path(), folder.resolve("away"));
      TimeUnit.MILLISECONDS.sleep(100);
      assertThat(service.infer(ONE, "{}").status()).isEqualTo(200);
      Files.move(folder.resolve("away"), models.path());

      models.add("hops", "2");

      await(() -> version(service, "/v2/models/hops/infer").equals("2"));
    }
  }

  @Test
  void whatIsNoModelIsIgnored() throws IOException {
    models.add("hops", "1");
    Path outside =
        new ModelFolder(Files.createDirectory(folder.resolve("outside"))).add("far", "1").path();
    Files.writeString(models.path().resolve("notes"), "a file");
    Files.createDirectory(models.path().resolve("empty"));
    Files.createDirectory(models.path().resolve("a name"));
    Files.createDirectory(models.path().resolve(".hidden"));
    Files.createDirectories(models.version("stats", "1"));
    Files.createSymbolicLink(models.path().resolve("far"), outside.resolve("far"));
    Files.createSymbolicLink(models.version("hops", "3"), outside.resolve("far/1"));
    Files.createSymbolicLink(models.path().resolve("broken"), outside.resolve("none"));
    Files.createDirectory(models.version("hops", "02"));
    Files.writeString(models.version("hops", "7"), "a file");

    try (Service service = Service.ofModels(models.path(), RARELY, CONTROL, "--versions=all")) {
      assertThat(index(service, "{}").findValuesAsText("name")).containsOnly("hops");
      assertThat(index(service, "{}").findValuesAsText("version")).containsExactly("1", "3", "7");
      assertThat(reason(service, "hops", "3")).contains("leads out of");
      assertThat(reason(service, "hops", "7")).contains("is not a folder");
      assertThat(service.get("/v2/models/hops").json().path("versions")).hasToString("[\"1\"]");
    }
  }

  @Test
  void aModelWithTooManyVersionsIsIgnored() throws IOException {
    models.add("hops", "1").add("many", "1");
    for (int version = 2; version <= 1001; version++) {
      Files.createDirectory(models.version("many", Integer.toString(version)));
    }

    try (Service service = Service.ofModels(models.path(), RARELY)) {
      assertThat(service.get("/v2/models/many/ready").status()).isEqualTo(404);
      assertThat(service.infer(ONE, "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void oneModelIsLoadedAgainOnRequestByFewAtOnce() throws Exception {
    try (Service service = Service.ready(folder, CONTROL)) {
      List<CompletableFuture<Reply>> loads = new ArrayList<>();
      while (loads.stream().noneMatch(RepositoryTest::isRefused)) {
        loads.add(service.posted("/v2/repository/models/hops/load", ""));
      }

      assertThat(loads)
          .hasSizeGreaterThan(32)
          .extracting(load -> load.join().status())
          .containsOnly(200, 429);
      await(() -> service.server().measures().openBatchers() == 1);
      assertThat(version(service, "/v2/models/hops/infer")).isEqualTo("1");
    }
  }

  @Test
  void aFileThatLeadsOutOfTheFolderIsNotRead() throws IOException {
    models.add("hops", "1").add("hops", "2");
    Path weights = models.version("hops", "2").resolve("model.data");
    Path outside = Files.move(weights, folder.resolve("weights"));
    Files.createSymbolicLink(weights, outside);

    try (Service service = Service.ofModels(models.path(), RARELY, CONTROL)) {
      assertThat(version(service, "/v2/models/hops/infer")).isEqualTo("1");
      assertThat(reason(service, "hops", "2")).contains("leads out of");
    }
  }

  @Test
  void linksWithinTheFolderAreFollowed() throws IOException {
    models.add("hops", "1");
    Files.createSymbolicLink(models.version("hops", "2"), Path.of("1"));

    try (Service service = Service.ofModels(models.path(), RARELY)) {
      assertThat(version(service, "/v2/models/hops/infer")).isEqualTo("2");
    }
  }

  @Test
  void theIndexListsEveryVersionOrThoseThatAreReady() throws IOException {
    models.add("hops", "1").add("hops", "2").add("other", "7");

    try (Service service = Service.ofModels(models.path(), RARELY, CONTROL)) {
      assertThat(index(service, "{\"ready\": true}"))
          .hasToString(
              "[{\"name\":\"hops\",\"version\":\"2\",\"state\":\"READY\",\"reason\":\"\"},"
                  + "{\"name\":\"other\",\"version\":\"7\",\"state\":\"READY\",\"reason\":\"\"}]");
      assertThat(index(service, "{\"ready\": false}")).hasSize(3);
      assertThat(index(service, "")).hasSize(3);
      assertThat(service.post("/v2/repository/index", "{\"ready\": 1}").error())
          .isEqualTo("ready must be true or false, but is an integer");
      assertThat(service.get("/v2").json().path("extensions"))
          .hasToString("[\"binary_tensor_data\",\"statistics\",\"model_repository\"]");
    }
  }

  @Test
  void anUnloadedModelStaysAwayUntilItIsLoaded() throws Exception {
    models.add("hops", "1");
    try (Service service = Service.ofModels(models.path(), "--poll=5ms", CONTROL)) {
      assertThat(command(service, "hops", "unload", "").status()).isEqualTo(200);

      assertThat(service.get("/v2/models/hops/ready").status()).isEqualTo(404);
      assertThat(service.get("/v2/health/ready").status()).isEqualTo(503);
      await(() -> service.server().measures().openBatchers() == 0);
      models.add("hops", "2");
      TimeUnit.MILLISECONDS.sleep(100);
      assertThat(service.get("/v2/models/hops/ready").status()).isEqualTo(404);
      assertThat(reason(service, "hops", "1")).isEqualTo("unloaded on request");

      assertThat(command(service, "hops", "load", "{\"parameters\": {}}").status()).isEqualTo(200);

      assertThat(version(service, "/v2/models/hops/infer")).isEqualTo("2");
      assertThat(service.get("/v2/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void anUnloadLetsRequestsUnderWayBeAnswered() throws Exception {
    models.add("hops", "1");
    try (Service service =
        Service.ofModels(models.path(), RARELY, CONTROL, "--max-iterations=10000000")) {
      CompletableFuture<Reply> underWay = endless(service, 1500);
      await(() -> service.server().statistics().running() == 1);

      assertThat(command(service, "hops", "unload", "{}").status()).isEqualTo(200);

      assertThat(service.infer(ONE, "{}").status()).isEqualTo(400);
      assertThat(service.server().measures().openBatchers()).isEqualTo(1);
      assertThat(underWay.join().status()).isEqualTo(200);
      await(() -> service.server().measures().openBatchers() == 0);
    }
  }

  @Test
  void aLoadReadsTheFolderAgain() throws Exception {
    models.add("hops", "1");
    try (Service service = Service.ofModels(models.path(), "--poll=0s", CONTROL)) {
      models.add("hops", "2");
      assertThat(command(service, "hops", "load", "").status()).isEqualTo(200);
      assertThat(version(service, "/v2/models/hops/infer")).isEqualTo("2");

      models.addDamaged("hops", "3");
      Reply damaged = command(service, "hops", "load", "");
      assertThat(damaged.status()).isEqualTo(400);
      assertThat(damaged.error()).startsWith("version 3 of hops cannot be loaded: ");
      assertThat(version(service, "/v2/models/hops/infer")).isEqualTo("2");

      var before = service.server().models().open().get(0);
      assertThat(command(service, "hops", "load", "").status()).isEqualTo(400);
      assertThat(service.server().models().open()).containsExactly(before);
    }
  }

  @Test
  void commandsTakeNoFilesAndNoSettings() throws IOException {
    models.add("hops", "1");
    try (Service service = Service.ofModels(models.path(), RARELY, CONTROL)) {
      for (String name : List.of("config", "file:1/model.onnx", "other")) {
        Reply refused =
            command(service, "hops", "load", "{\"parameters\": {\"" + name + "\": \"AAAA\"}}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error()).startsWith("parameters has \"" + name + "\", which is never");
      }
      assertThat(
              command(service, "hops", "unload", "{\"parameters\": {\"config\": \"\"}}").status())
          .isEqualTo(400);
      assertThat(command(service, "hops", "load", "{\"parameters\": []}").error())
          .isEqualTo("parameters must be an object, but is an array");
      assertThat(
              command(service, "hops", "unload", "{\"parameters\": {\"unload_dependents\": false}}")
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void aLoadOfNothingThatThePolicyWantsIsRefused() throws IOException {
    models.add("hops", "2");
    try (Service service =
        Service.ofModels(models.path(), "--repository-control", "--versions=1,3")) {
      Reply load = command(service, "hops", "load", "");

      assertThat(load.status()).isEqualTo(400);
      assertThat(load.error()).isEqualTo("the policy 1,3 wants no version of hops that is there");
    }
  }

  @Test
  void commandsReachNoModelOutsideOfTheFolder() throws IOException {
    models.add("hops", "1");
    new ModelFolder(Files.createDirectory(folder.resolve("outside"))).add("far", "1");
    try (Service service = Service.ofModels(models.path(), RARELY, CONTROL)) {
      for (String name : List.of("none", "..%2Foutside%2Ffar", "hops%2F1", "%00", "hops%00")) {
        for (String command : List.of("load", "unload")) {
          assertThat(command(service, name, command, "").status()).as(name).isIn(400, 404);
        }
      }
      assertThat(service.server().measures().openBatchers()).isEqualTo(1);
    }
  }

  @Test
  void theExtensionIsOffUnlessItIsSwitchedOn() throws IOException {
    models.add("hops", "1");
    try (Service service = Service.ofModels(models.path(), RARELY)) {
      assertThat(service.post("/v2/repository/index", "{}").status()).isEqualTo(404);
      assertThat(command(service, "hops", "load", "{}").status()).isEqualTo(404);
      assertThat(command(service, "hops", "unload", "{}").status()).isEqualTo(404);
      assertThat(service.get("/v2").json().path("extensions"))
          .hasToString("[\"binary_tensor_data\",\"statistics\"]");
      assertThat(service.infer(ONE, "{}").status()).isEqualTo(200);
    }
  }

  private static boolean isRefused(CompletableFuture<Reply> load) {
    return load.isDone() && load.join().status() == 429;
  }

  private static CompletableFuture<Reply> endless(Service service, int deadline) {
    return service.posted(
        "/v2/models/hops/infer",
        Service.inferBody(
            ONE,
            Service.ENDLESS.replace(
                "}", ", \"deadline_ms\": " + deadline + ", \"on_deadline\": \"answer\"}")));
  }

  private static String body() {
    return Service.inferBody(ONE, "{}");
  }

  private static String version(Service service, String path) {
    return version(service.post(path, body()));
  }

  private static String version(Reply reply) {
    return reply.json().path("model_version").asText();
  }

  private static String answer(Reply reply) {
    return reply.json().path("outputs").path(0).path("data").toString();
  }

  private static Reply command(Service service, String model, String command, String body) {
    return service.post("/v2/repository/models/" + model + "/" + command, body);
  }

  private static JsonNode index(Service service, String body) {
    return service.post("/v2/repository/index", body).json();
  }

  private static String state(Service service, String model, String version) {
    return indexed(service, model, version, "state");
  }

  private static String reason(Service service, String model, String version) {
    return indexed(service, model, version, "reason");
  }

  private static String indexed(Service service, String model, String version, String field) {
    for (JsonNode one : index(service, "{}")) {
      if (one.path("name").asText().equals(model) && one.path("version").asText().equals(version)) {
        return one.path(field).asText();
      }
    }
    return "";
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
