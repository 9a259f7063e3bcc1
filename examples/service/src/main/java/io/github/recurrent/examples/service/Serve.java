package io.github.recurrent.examples.service;

import io.github.recurrent.examples.service.logging.LogFormat;
import io.github.recurrent.examples.service.logging.LogLines;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Serves an exported model by the Open Inference Protocol until the process is told to end.
 *
 * <p>Usage: {@code Serve --model runs/quickstart/onnx}; {@code --help} lists the rest.
 */
@Command(
    name = "Serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Serves an exported model by the Open Inference Protocol (v2).",
    footer = {
      "",
      "What the command line leaves out comes from the environment (RECURRENT_SERVE_MAX_ROWS for"
          + " --max-rows), else from the file of --config (max-rows=64), else it is the default."
    })
public final class Serve implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

  @Spec private @Nullable CommandSpec command;

  @Mixin private final ServiceOptions options = new ServiceOptions();

  private Serve() {}

  /** Serves until the process is told to end. */
  public static void main(String[] arguments) {
    System.exit(run(arguments, System.getenv()));
  }

  /** Runs the command; what cannot be read of the file of settings is told as wrong flags are. */
  static int run(String[] arguments, Map<String, String> environment) {
    CommandLine line;
    try {
      line = commandLine(arguments, environment);
    } catch (ParameterException e) {
      e.getCommandLine().getErr().println(e.getMessage());
      return ExitCode.USAGE;
    }
    return line.execute(arguments);
  }

  /** Returns the command, with the values that the arguments leave out. */
  static CommandLine commandLine(String[] arguments, Map<String, String> environment) {
    CommandLine line = new CommandLine(new Serve());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setDefaultValueProvider(Settings.of(line, arguments, environment));
    return line;
  }

  ServiceOptions options() {
    return options;
  }

  @Override
  public Integer call() throws InterruptedException {
    CommandSpec spec = Objects.requireNonNull(command);
    options.check(spec);
    LogLines.use(options.log.format);
    InferenceServer server;
    try {
      server = InferenceServer.start(options);
    } catch (IOException e) {
      LOG.error("The service does not start: {}", e.getMessage());
      return 1;
    }
    Thread end = new Thread(server::close, "service-end");
    Runtime.getRuntime().addShutdownHook(end);
    try {
      server.load();
    } catch (IOException e) {
      LOG.error(
          "{} cannot be loaded: {}",
          options.models == null ? "The model " + options.model : "The models in " + options.models,
          e.getMessage());
      return 1;
    }
    if (options.log.format == LogFormat.TEXT) {
      System.out.printf(
          Locale.ROOT,
          "%s is served at %s://%s:%d/v2%s; Ctrl-C ends it.%n",
          options.models == null ? options.model : options.models,
          server.scheme(),
          options.host.getHostAddress(),
          server.port(),
          options.models == null ? "/models/" + options.name : "");
    }
    new CountDownLatch(1).await();
    return 0;
  }
}
