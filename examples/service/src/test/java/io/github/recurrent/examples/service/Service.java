package io.github.recurrent.examples.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.fixtures.HopCircuit;
import io.github.recurrent.onnx.OnnxExporter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** A running service with a model whose answers are known, and a client for it. */
final class Service implements AutoCloseable {
  static final HopCircuit CIRCUIT = HopCircuit.of(1, 4);

  /** Parameters under which a query runs as long as it may. */
  static final String ENDLESS =
      "{\"halting\": \"entropy\", \"entropy\": 1e-300, \"at_most\": 10000000}";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final InferenceServer server;

  private Service(InferenceServer server) {
    this.server = server;
  }

  /** What a service answers. */
  record Reply(int status, HttpHeaders headers, String body) {
    JsonNode json() {
      return Json.read(body.getBytes(StandardCharsets.UTF_8));
    }

    String error() {
      return json().path("error").asText();
    }
  }

  /** Starts a service with flags, without a model. */
  static Service starting(Path folder, String... flags) throws IOException {
    OnnxExporter.export(CIRCUIT.checkpoint(), folder.resolve("onnx"));
    List<String> arguments = new ArrayList<>(List.of(flags));
    arguments.addAll(List.of("--port=0", "--warm-up-hops=0", "--name=hops"));
    arguments.add("--model=" + folder.resolve("onnx"));
    if (arguments.stream().noneMatch(flag -> flag.startsWith("--leave"))) {
      arguments.add("--leave=0s");
    }
    return started(arguments);
  }

  private static Service started(List<String> arguments) throws IOException {
    String[] line = arguments.toArray(String[]::new);
    var command = Serve.commandLine(line, ImmutableMap.of());
    command.parseArgs(line);
    Serve serve = command.getCommand();
    return new Service(InferenceServer.start(serve.options()));
  }

  /** Starts a service with flags on a folder of models, and loads them. */
  static Service ofModels(Path models, String... flags) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(flags));
    arguments.addAll(List.of("--port=0", "--warm-up-hops=0", "--leave=0s", "--models=" + models));
    Service service = started(arguments);
    service.server.load();
    return service;
  }

  /** Starts a service with flags, and loads its model. */
  static Service ready(Path folder, String... flags) throws IOException {
    Service service = starting(folder, flags);
    service.server.load();
    return service;
  }

  InferenceServer server() {
    return server;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  Reply get(String path) {
    return sent(HttpRequest.newBuilder(uri(path)).build()).join();
  }

  Reply post(String path, String body) {
    return posted(path, body).join();
  }

  CompletableFuture<Reply> posted(String path, String body) {
    return sent(request(path, body).build());
  }

  /** Asks for queries of the protocol, with parameters. */
  Reply infer(String queries, String parameters) {
    return post("/v2/models/hops/infer", inferBody(queries, parameters));
  }

  static String inferBody(String queries, String parameters) {
    int count = Json.read(queries.getBytes(StandardCharsets.UTF_8)).size();
    return String.format(
        Locale.ROOT,
        "{\"id\": \"7\", \"parameters\": %s, \"inputs\": [{\"name\": \"query\", \"shape\": [%d],"
            + " \"datatype\": \"BYTES\", \"data\": %s}]}",
        parameters,
        count,
        queries);
  }

  HttpRequest.Builder request(String path, String body) {
    return HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(body));
  }

  CompletableFuture<Reply> sent(HttpRequest request) {
    return client
        .sendAsync(request, BodyHandlers.ofString())
        .thenApply(Service::reply)
        .thenApply(
            reply -> {
              Description.requireDescribed(request, reply);
              return reply;
            });
  }

  /** Sends a request whose answer is not text alone. */
  HttpResponse<byte[]> sentForBytes(HttpRequest request) {
    return client.sendAsync(request, BodyHandlers.ofByteArray()).join();
  }

  private static Reply reply(HttpResponse<String> response) {
    return new Reply(response.statusCode(), response.headers(), response.body());
  }

  @Override
  public void close() {
    server.close();
  }
}
