package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.onnx.OnnxExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is deployed fits the service. */
final class DeployTest {
  private static final Path DEPLOY = Path.of("deploy");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String PREFIX = "RECURRENT_SERVE_";

  @TempDir Path folder;

  static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.walk(DEPLOY)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyManifestIsYamlWithoutKeysThatAreGivenTwice(Path file) throws IOException {
    YAML.readerFor(JsonNode.class)
        .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .readTree(Files.readString(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubernetes/deployment.yaml", "kserve/serving-runtime.yaml"})
  void theContainerIsStartedWithFlagsThatThereAre(String file) throws IOException {
    JsonNode container = container(file);
    Map<String, String> environment = new HashMap<>();
    container
        .path("env")
        .forEach(each -> environment.put(each.path("name").asText(), each.path("value").asText()));
    List<String> known = known();

    assertThat(known).containsAll(environment.keySet());
    List<String> arguments = new ArrayList<>();
    container
        .path("args")
        .forEach(each -> arguments.add(each.asText().replace("{{.Name}}", "hops")));
    ServiceOptions options = options(environment, arguments.toArray(String[]::new));
    assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(options.port);
  }

  @Test
  void theTimeToEndIsLongerThanLeavingAndDraining() throws IOException {
    JsonNode pod = read("kubernetes/deployment.yaml").at("/spec/template/spec");
    assertThat(Duration.ofSeconds(pod.path("terminationGracePeriodSeconds").asLong()))
        .isGreaterThan(ending("kubernetes/deployment.yaml").plusSeconds(5));
    assertThat(
            Duration.ofSeconds(
                read("kserve/inference-service.yaml")
                    .at("/spec/predictor/terminationGracePeriodSeconds")
                    .asLong()))
        .isGreaterThan(ending("kserve/serving-runtime.yaml").plusSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubernetes/deployment.yaml", "kserve/serving-runtime.yaml"})
  void probesAskWhatTheServiceAnswersWithoutAToken(String file) throws IOException {
    Path tokens = Files.writeString(folder.resolve("tokens"), "a-token-0123456789");
    try (Service service = Service.ready(folder, "--token-file=" + tokens)) {
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        String path = container(file).path(probe).at("/httpGet/path").asText();
        assertThat(service.get(path).status()).describedAs(probe).isEqualTo(200);
      }
    }
  }

  @Test
  void bothPortsOfTheServiceLeadToTheOneOfTheContainer() throws IOException {
    JsonNode service = read("kubernetes/service.yaml").path("spec");
    JsonNode deployment = read("kubernetes/deployment.yaml");
    String port = container("kubernetes/deployment.yaml").at("/ports/0/name").asText();

    assertThat(service.path("ports")).hasSize(2);
    service
        .path("ports")
        .forEach(each -> assertThat(each.path("targetPort").asText()).isEqualTo(port));
    assertThat(service.at("/ports/1/appProtocol").asText()).isEqualTo("kubernetes.io/h2c");
    assertThat(service.path("selector"))
        .isEqualTo(deployment.at("/spec/template/metadata/labels"))
        .isEqualTo(deployment.at("/spec/selector/matchLabels"))
        .isEqualTo(read("kubernetes/disruption-budget.yaml").at("/spec/selector/matchLabels"));
  }

  @Test
  void theAutoscalerAsksForTheMetricThatTheAdapterGives() throws IOException {
    assertThat(read("kubernetes/autoscaler.yaml").at("/spec/metrics/0/pods/metric/name").asText())
        .isEqualTo(read("kubernetes/adapter-values.yaml").at("/rules/custom/0/name/as").asText());
  }

  @Test
  void theConfigurationOfTritonHasTheTensorsOfTheExportedFile() throws Exception {
    OnnxExporter.export(Service.CIRCUIT.checkpoint(), folder.resolve("onnx"));
    String configuration = Files.readString(DEPLOY.resolve("triton/config.pbtxt"));
    int outputs = configuration.indexOf("output [");
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session =
        environment.createSession(folder.resolve("onnx/model.onnx").toString())) {
      assertThat(tensors(configuration.substring(0, outputs)))
          .isEqualTo(tensors(session.getInputInfo().values()));
      assertThat(tensors(configuration.substring(outputs)))
          .isEqualTo(tensors(session.getOutputInfo().values()));
    }
  }

  /** Returns the types and shapes of tensors by their names, as Triton writes them. */
  private static Map<String, String> tensors(Collection<NodeInfo> nodes) throws OrtException {
    Map<String, String> tensors = new TreeMap<>();
    for (NodeInfo node : nodes) {
      TensorInfo info = (TensorInfo) node.getInfo();
      long[] shape = info.getShape();
      if (shape.length == 0) {
        shape = new long[] {1};
      } else {
        // The vocabulary is another in each model.
        Arrays.fill(shape, -1);
      }
      String type =
          switch (info.type) {
            case INT64 -> "TYPE_INT64";
            case FLOAT -> "TYPE_FP32";
            default -> throw new AssertionError(info.type);
          };
      tensors.put(node.getName(), type + " " + Arrays.toString(shape));
    }
    return tensors;
  }

  private static Map<String, String> tensors(String configuration) {
    Matcher tensor =
        Pattern.compile("name: \"(\\w+)\"\\s+data_type: (\\w+)\\s+dims: \\[ ([^]]*) \\]")
            .matcher(configuration);
    return tensor
        .results()
        .collect(
            Collectors.toMap(
                (MatchResult found) -> found.group(1),
                found -> found.group(2) + " [" + found.group(3) + "]",
                (first, second) -> first + second,
                TreeMap::new));
  }

  private static Duration ending(String file) throws IOException {
    Map<String, String> environment = new HashMap<>();
    container(file)
        .path("env")
        .forEach(each -> environment.put(each.path("name").asText(), each.path("value").asText()));
    ServiceOptions options = options(environment);
    return options.leave.plus(options.drain);
  }

  private static ServiceOptions options(Map<String, String> environment, String... arguments) {
    var command = Serve.commandLine(arguments, environment);
    command.parseArgs(arguments);
    Serve serve = command.getCommand();
    serve.options().check(command.getCommandSpec());
    return serve.options();
  }

  /** Returns the variables that the service reads. */
  private static List<String> known() {
    return Serve.commandLine(new String[0], ImmutableMap.of()).getCommandSpec().options().stream()
        .map(option -> option.longestName().substring(2))
        .map(name -> PREFIX + name.replace('-', '_').toUpperCase(Locale.ROOT))
        .toList();
  }

  private static JsonNode container(String file) throws IOException {
    JsonNode manifest = read(file);
    JsonNode container = manifest.at("/spec/template/spec/containers/0");
    return container.isMissingNode() ? manifest.at("/spec/containers/0") : container;
  }

  private static JsonNode read(String file) throws IOException {
    return YAML.readTree(Files.readString(DEPLOY.resolve(file)));
  }
}
