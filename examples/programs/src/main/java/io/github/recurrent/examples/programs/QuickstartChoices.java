package io.github.recurrent.examples.programs;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What one may choose of the quickstart; kept with the run, so that it can go on. */
final class QuickstartChoices {
  private static final String FILE = "quickstart.properties";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "root of all random numbers (default ${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--hops",
      paramLabel = "N",
      defaultValue = "5",
      description = "most hops to train on, 3 to 8 (default ${DEFAULT-VALUE})")
  int hops;

  @Option(
      names = "--entities",
      paramLabel = "N",
      defaultValue = "16",
      description = "entities of the graph, 10 to 64 (default ${DEFAULT-VALUE}); more take longer")
  int entities;

  @Option(
      names = "--relations",
      paramLabel = "N",
      defaultValue = "8",
      description = "relations of the graph, 4 to 16 (default ${DEFAULT-VALUE})")
  int relations;

  /** Refuses what the preset is not made for. */
  void check(CommandSpec command) {
    requireIn(command, "--hops", hops, 3, 8);
    requireIn(command, "--entities", entities, 10, 64);
    requireIn(command, "--relations", relations, 4, 16);
  }

  private static void requireIn(CommandSpec command, String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          command.commandLine(), name + " must be in " + least + ".." + most + ", but is " + value);
    }
  }

  static Path file(Path folder) {
    return folder.resolve(FILE);
  }

  /** Returns the choices by name. */
  ImmutableMap<String, String> told() {
    return ImmutableMap.of(
        "seed", Long.toString(seed),
        "hops", Integer.toString(hops),
        "entities", Integer.toString(entities),
        "relations", Integer.toString(relations));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "seed %d, %d hops, %d entities, %d relations",
        seed,
        hops,
        entities,
        relations);
  }

  void write(Path folder) throws IOException {
    Properties values = new Properties();
    values.putAll(told());
    try (Writer writer = Files.newBufferedWriter(file(folder))) {
      values.store(writer, "What this run of the quickstart was asked for");
    }
  }

  /** Takes the choices of a run that is to go on. */
  void read(Path folder) throws IOException {
    Properties values = new Properties();
    try (Reader reader = Files.newBufferedReader(file(folder))) {
      values.load(reader);
    }
    seed = Long.parseLong(values.getProperty("seed"));
    hops = Integer.parseInt(values.getProperty("hops"));
    entities = Integer.parseInt(values.getProperty("entities"));
    relations = Integer.parseInt(values.getProperty("relations"));
  }
}
