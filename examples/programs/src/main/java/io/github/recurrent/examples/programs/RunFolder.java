package io.github.recurrent.examples.programs;

import io.github.recurrent.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a run of the quickstart keeps what it makes. A run never writes into the folder of another:
 * the second goes to {@code quickstart-2}, unless it is to go on with the first.
 *
 * @param path the folder
 * @param note what to tell about folders of runs before, or nothing
 */
record RunFolder(Path path, String note) {
  static final String DEFAULT = "runs/quickstart";
  private static final String PAGE = "report.html";

  /**
   * Makes the folder of a new run.
   *
   * @param wanted the folder, which gets a number if there is one already
   */
  static RunFolder create(Path wanted) throws IOException {
    Path free = wanted;
    for (int number = 2; isTaken(free); number++) {
      free = wanted.resolveSibling(wanted.getFileName() + "-" + number);
    }
    Files.createDirectories(free);
    return new RunFolder(free, free.equals(wanted) ? "" : note(wanted, free));
  }

  private static boolean isTaken(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return false;
    }
    if (!Files.isDirectory(folder)) {
      return true;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isPresent();
    }
  }

  private static String note(Path before, Path now) {
    boolean unfinished =
        Files.exists(QuickstartChoices.file(before)) && !Files.exists(before.resolve(PAGE));
    return String.format(
        "%s holds %s run, which stays as it is%s. This one goes to %s.%n",
        before,
        unfinished ? "an unfinished" : "another",
        unfinished ? " (--resume goes on with it)" : "",
        now);
  }

  /**
   * Returns the folder of a run that is to go on.
   *
   * @throws IllegalArgumentException if there is none
   */
  static RunFolder of(Path existing) {
    if (!Files.exists(QuickstartChoices.file(existing))) {
      throw new IllegalArgumentException(
          "there is no run to go on with in " + existing + "; leave out --resume to begin one");
    }
    return new RunFolder(existing, "");
  }

  Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /** Returns what was trained before the run was stopped, if anything was. */
  Optional<Checkpoint> start() throws IOException {
    Path latest = checkpoints().resolve("latest");
    return Files.exists(latest) ? Optional.of(Checkpoint.read(latest)) : Optional.empty();
  }

  Path export() {
    return path.resolve("onnx");
  }

  Path picture() {
    return path.resolve("accuracy.png");
  }

  Path page() {
    return path.resolve(PAGE);
  }

  /** Returns what there is to see and to do after the run. */
  String next(String command) {
    return String.format(
        """
        look      %s
        ask       %s -Dexample=Ask -Dargs="%s e_3 r_1"
        serve     mvn -f examples/serve -Dargs="--model %s"
        your own  %s -Dexample=OwnGraph -Dargs=triples.tsv""",
        page(), command, export(), export(), command);
  }

  /** Returns the command that goes on with the run. */
  String resume(String command) {
    return path.equals(Path.of(DEFAULT))
        ? command + " -Dargs=--resume"
        : String.format("%s -Dargs=\"--resume --folder %s\"", command, path);
  }
}
