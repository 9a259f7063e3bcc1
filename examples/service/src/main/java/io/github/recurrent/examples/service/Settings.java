package io.github.recurrent.examples.service;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Values of flags that the command line leaves out: from the environment, {@code
 * RECURRENT_SERVE_MAX_ROWS} for {@code --max-rows}, and else from the file of {@code --config}.
 */
final class Settings implements IDefaultValueProvider {
  /** Kubernetes sets variables such as RECURRENT_PORT for a service of that name. */
  private static final String PREFIX = "RECURRENT_SERVE_";

  private static final String CONFIG = "config";

  private final Map<String, String> environment;
  private final Map<String, String> file;

  private Settings(Map<String, String> environment, Map<String, String> file) {
    this.environment = environment;
    this.file = file;
  }

  /** The one flag that must be known before the others are read. */
  private static final class ConfigFlag {
    @Option(names = "--config")
    @Nullable Path file;
  }

  /**
   * Reads the file that the arguments or the environment name, if any.
   *
   * @throws ParameterException if it cannot be read, or has what is not a flag
   */
  static Settings of(CommandLine command, String[] arguments, Map<String, String> environment) {
    ConfigFlag flag = new ConfigFlag();
    new CommandLine(flag).setUnmatchedArgumentsAllowed(true).parseArgs(arguments);
    Path path = flag.file;
    if (path == null) {
      String named = environment.get(variable(CONFIG));
      path = named == null ? null : Path.of(named);
    }
    return new Settings(environment, path == null ? ImmutableMap.of() : read(command, path));
  }

  private static Map<String, String> read(CommandLine command, Path path) {
    Properties values = new Properties();
    try (Reader reader = Files.newBufferedReader(path)) {
      values.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(command, "--config: " + path + " cannot be read: " + e, e);
    }
    Set<String> known = known(command.getCommandSpec());
    for (String name : values.stringPropertyNames()) {
      if (!known.contains(name)) {
        throw new ParameterException(
            command,
            path + " has \"" + name + "\", but may have " + String.join(", ", known) + " only");
      }
    }
    return values.stringPropertyNames().stream()
        .collect(ImmutableMap.toImmutableMap(name -> name, values::getProperty));
  }

  /** Returns the flags with a value, without their hyphens. */
  private static Set<String> known(CommandSpec command) {
    return command.options().stream()
        .filter(option -> option.arity().max() > 0)
        .map(Settings::name)
        .filter(name -> !name.equals(CONFIG))
        .collect(Collectors.toCollection(java.util.TreeSet::new));
  }

  private static String name(OptionSpec option) {
    return option.longestName().substring("--".length());
  }

  private static String variable(String name) {
    return PREFIX + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.arity().max() == 0) {
      return null;
    }
    String value = environment.get(variable(name(option)));
    return value != null ? value : file.get(name(option));
  }
}
