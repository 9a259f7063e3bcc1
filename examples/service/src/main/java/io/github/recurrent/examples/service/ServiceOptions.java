package io.github.recurrent.examples.service;

import io.github.recurrent.examples.service.repository.ModelSource;
import io.github.recurrent.examples.service.repository.VersionPolicy;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.serving.ModelName;
import io.github.recurrent.examples.service.serving.ServingOptions;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What one may choose of the service; by flags, the environment or a file. */
final class ServiceOptions {
  static final Duration SHORTEST_TIME = Duration.ofMillis(1);
  private static final Duration LONGEST_TIME = Duration.ofHours(1);

  @Option(
      names = "--model",
      paramLabel = "FOLDER",
      defaultValue = "runs/quickstart/onnx",
      description = "exported model (default ${DEFAULT-VALUE})")
  Path model = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "recurrent",
      description = "name of the model in paths (default ${DEFAULT-VALUE})")
  String name = "";

  @Option(
      names = "--models",
      paramLabel = "FOLDER",
      description =
          "folder with NAME/VERSION of several exported models, in the place of --model and --name")
  @Nullable Path models;

  @Option(
      names = "--versions",
      paramLabel = "POLICY",
      defaultValue = "latest:1",
      converter = PolicyText.class,
      description =
          "versions of --models to serve: all, latest:N, or such as 1,3 (default"
              + " ${DEFAULT-VALUE})")
  VersionPolicy versions = VersionPolicy.parse("latest:1");

  @Option(
      names = "--poll",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = TimeText.class,
      description =
          "time between looks for other versions in --models (default ${DEFAULT-VALUE}); 0s for no"
              + " looks")
  Duration poll = Duration.ZERO;

  @Option(
      names = "--repository-control",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "false",
      fallbackValue = "true",
      description = "whether requests may list, load and unload models (default ${DEFAULT-VALUE})")
  boolean repositoryControl;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "address to listen at (default ${DEFAULT-VALUE}, this machine alone; 0.0.0.0 for all)")
  InetAddress host = InetAddress.getLoopbackAddress();

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "port to listen at (default ${DEFAULT-VALUE}); 0 for a free one")
  int port;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "256",
      description = "most queries that run at once (default ${DEFAULT-VALUE})")
  int batch;

  @Option(
      names = "--queue",
      paramLabel = "N",
      defaultValue = "1024",
      description = "most queries that wait (default ${DEFAULT-VALUE}); more get status 429")
  int queue;

  @Option(
      names = "--warm-up-hops",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "hops of the longest queries that warm up the model (default ${DEFAULT-VALUE}); 0 for no"
              + " warm-up")
  int warmUpHops;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      defaultValue = "1048576",
      description = "longest body of a request (default ${DEFAULT-VALUE})")
  int maxBody;

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      defaultValue = "256",
      description = "most queries of a request (default ${DEFAULT-VALUE})")
  int maxRows;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      defaultValue = "128",
      description = "most tokens of a query, head and relations (default ${DEFAULT-VALUE})")
  int maxLength;

  @Option(
      names = "--max-iterations",
      paramLabel = "N",
      defaultValue = "1000",
      description = "most iterations of a query (default ${DEFAULT-VALUE})")
  int maxIterations;

  @Option(
      names = "--max-top-k",
      paramLabel = "N",
      defaultValue = "100",
      description = "most probable tokens of an answer to give (default ${DEFAULT-VALUE})")
  int maxTopK;

  @Option(
      names = "--max-output",
      paramLabel = "N",
      defaultValue = "1000000",
      description =
          "most values of an output of a request, such as queries times vocabulary (default"
              + " ${DEFAULT-VALUE})")
  int maxOutput;

  @Option(
      names = "--max-memory",
      paramLabel = "BYTES",
      defaultValue = "134217728",
      description =
          "most bytes that the bodies and answers of all requests under way take, at 32 a value of"
              + " an output (default ${DEFAULT-VALUE}); more get status 429")
  long maxMemory;

  @Option(
      names = "--max-deadline",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = TimeText.class,
      description =
          "longest time for an answer, and what a request has that names none (default"
              + " ${DEFAULT-VALUE})")
  Duration maxDeadline = Duration.ZERO;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "1024",
      description = "most connections at once (default ${DEFAULT-VALUE})")
  int maxConnections;

  @Option(
      names = "--leave",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = TimeText.class,
      description =
          "time between the signal to end, when readiness turns 503, and the last request that is"
              + " taken (default ${DEFAULT-VALUE})")
  Duration leave = Duration.ZERO;

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      defaultValue = "15s",
      converter = TimeText.class,
      description = "longest wait after that for the answers under way (default ${DEFAULT-VALUE})")
  Duration drain = Duration.ZERO;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "file with values for these flags, a line each: name=value")
  @Nullable Path config;

  @Mixin final SecurityFlags security = new SecurityFlags();

  @Mixin final LogFlags log = new LogFlags();

  Limits limits() {
    return new Limits(maxBody, maxRows, maxLength, maxIterations, maxTopK, maxOutput, maxDeadline);
  }

  ServingOptions serving() {
    return new ServingOptions(batch, queue, warmUpHops, maxLength);
  }

  /** Returns where the models are. */
  ModelSource source() {
    return models == null ? ModelSource.one(name, model) : ModelSource.folder(models);
  }

  /** Refuses what cannot work. */
  void check(CommandSpec command) {
    requireIn(command, "--port", port, 0, 65_535);
    requireIn(command, "--batch", batch, 1, 1 << 20);
    requireIn(command, "--queue", queue, 1, 1 << 20);
    requireIn(command, "--warm-up-hops", warmUpHops, 0, 1 << 10);
    requireIn(command, "--max-body", maxBody, 1, 1 << 30);
    requireIn(command, "--max-rows", maxRows, 1, queue);
    requireIn(command, "--max-length", maxLength, 2, 1 << 16);
    requireIn(command, "--max-iterations", maxIterations, 1, 1 << 24);
    requireIn(command, "--max-top-k", maxTopK, 1, 1 << 20);
    requireIn(command, "--max-output", maxOutput, 1, 1 << 26);
    requireIn(command, "--max-connections", maxConnections, 1, 1 << 20);
    requireIn(command, "--max-memory", maxMemory, maxBody, 1L << 40);
    requireIn(command, "--max-deadline", maxDeadline, SHORTEST_TIME);
    requireIn(command, "--leave", leave, Duration.ZERO);
    requireIn(command, "--drain", drain, Duration.ZERO);
    requireIn(command, "--poll", poll, Duration.ZERO);
    security.check(command);
    if (!ModelName.isValid(name)) {
      throw new ParameterException(
          command.commandLine(), "--name must be " + ModelName.RULE + ", but is \"" + name + "\"");
    }
    if (models != null) {
      refuse(command, "--model", isTyped(command, "--model"), "cannot be used with --models");
      refuse(command, "--name", isTyped(command, "--name"), "cannot be used with --models");
    } else {
      refuse(command, "--versions", isGiven(command, "--versions"), "needs --models");
      refuse(command, "--poll", isGiven(command, "--poll"), "needs --models");
    }
  }

  private static void refuse(CommandSpec command, String name, boolean isRefused, String reason) {
    if (isRefused) {
      throw new ParameterException(command.commandLine(), name + " " + reason);
    }
  }

  /**
   * Returns whether the command line has a flag. An image may set variables for one model, in the
   * place of which another variable names a folder of them.
   */
  private static boolean isTyped(CommandSpec command, String name) {
    return command.commandLine().getParseResult().hasMatchedOption(name);
  }

  /** Returns whether the command line has a flag, or the environment or the file of settings. */
  private static boolean isGiven(CommandSpec command, String name) {
    return isTyped(command, name)
        || (command.commandLine().getDefaultValueProvider() instanceof Settings settings
            && settings.defaultValue(command.findOption(name)) != null);
  }

  static void requireIn(CommandSpec command, String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0 || value.compareTo(LONGEST_TIME) > 0) {
      throw new ParameterException(
          command.commandLine(),
          name
              + " must be from "
              + TimeText.of(least)
              + " to "
              + TimeText.of(LONGEST_TIME)
              + ", but is "
              + TimeText.of(value));
    }
  }

  private static void requireIn(
      CommandSpec command, String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ParameterException(
          command.commandLine(), name + " must be in " + least + ".." + most + ", but is " + value);
    }
  }
}
