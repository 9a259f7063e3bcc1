package io.github.recurrent.examples.experiments;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.tf.Cancellation;
import io.github.recurrent.tf.Trainer;
import io.github.recurrent.tf.listener.JsonLines;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of a training, with all that analyses need:
 *
 * <pre>
 * training.jsonl                        what the training wrote about itself, as JSON lines
 * data/atomic.json, data/test.json      the facts to analyze it on, in the published format
 * latest/                               the model at the end
 * stage_{k}/                            the model once it had learned k hops, by a curriculum
 * r{R}_l{L}/checkpoint_epoch_{n}/       the model at a stage of generalization, by epochs
 * </pre>
 *
 * <p>Only {@code latest} must be there. Immutable and thread-safe.
 */
public final class RunFolder {
  private static final Pattern STAGE = Pattern.compile("stage_\\d+");
  private static final String REACHED = " reached at epoch";

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /** Names a folder, which need not be there. */
  public static RunFolder of(Path path) {
    return new RunFolder(path);
  }

  /**
   * Returns the trainer that keeps its training in this folder, and writes the data there; the
   * record of an earlier training is deleted.
   *
   * @throws IOException if the folder cannot be written
   */
  public Trainer keep(Trainer trainer, RunData data) throws IOException {
    data.write(path.resolve("data"));
    Files.deleteIfExists(recordFile());
    return trainer.checkpoints(path).listener(JsonLines.to(recordFile()));
  }

  /**
   * Returns the trainer that keeps its training in this folder, and goes on from the last
   * checkpoint there, if any; its record is added to.
   *
   * @throws IOException if the folder cannot be read or written
   */
  public Trainer resume(Trainer trainer, RunData data) throws IOException {
    if (!Checkpoint.isIn(latestFolder())) {
      return keep(trainer, data);
    }
    return trainer.startFrom(latest()).checkpoints(path).listener(JsonLines.to(recordFile()));
  }

  /** Trains by a trainer. */
  @FunctionalInterface
  public interface Training {
    /** Trains, and returns the model at the end. */
    Checkpoint train(Trainer trainer) throws IOException;
  }

  /**
   * Returns the model at the end of a training in this folder: at once if it has come to its end
   * there, else after the training has gone on from the last checkpoint, if any. Ctrl-C writes a
   * checkpoint, and the same call goes on from it.
   *
   * @throws java.util.concurrent.CancellationException if the training is stopped
   * @throws IOException if the folder cannot be read or written
   */
  public Checkpoint trained(Trainer trainer, RunData data, Training training) throws IOException {
    if (isFinished()) {
      System.out.println(
          "The training in " + path + " is at its end; it is made again once that is deleted.");
      return latest();
    }
    return training.train(resume(trainer, data).cancellation(Cancellation.onShutdown()));
  }

  /** Returns the folder. */
  public Path path() {
    return path;
  }

  /** Returns the name of the folder, and of that above it, such as {@code l1_r4/seed_42}. */
  public String name() {
    Path absolute = path.toAbsolutePath().normalize();
    int names = absolute.getNameCount();
    return absolute.subpath(Math.max(0, names - 2), names).toString().replace('\\', '/');
  }

  /** Returns the training's record, if it has one that tells of an evaluation. */
  public Optional<Path> record() throws IOException {
    return holds("evaluated") ? Optional.of(recordFile()) : Optional.empty();
  }

  private boolean holds(String event) throws IOException {
    if (!Files.isRegularFile(recordFile())) {
      return false;
    }
    try (Stream<String> lines = Files.lines(recordFile())) {
      return lines.anyMatch(line -> line.contains("\"event\":\"" + event + "\""));
    }
  }

  private Path latestFolder() {
    return path.resolve("latest");
  }

  private Path recordFile() {
    return path.resolve("training.jsonl");
  }

  /**
   * Returns whether the training came to its end, by its record; one that was stopped or failed did
   * not.
   */
  public boolean isFinished() throws IOException {
    if (!holds("finished")) {
      return false;
    }
    try (Stream<String> lines = Files.lines(recordFile())) {
      // A training that goes on after another has the end of that in its record too, and comes to
      // its own unless the first has failed.
      String last = lines.reduce("", (before, line) -> line);
      return last.contains("\"event\":\"finished\"")
          && last.contains("\"complete\":true")
          && (!last.contains("\"part\":\"1 of 2\"") || holds("stage_failed"))
          && Checkpoint.isIn(latestFolder());
    }
  }

  /**
   * Returns the model at the end.
   *
   * @throws IOException if it is missing or damaged
   */
  public Checkpoint latest() throws IOException {
    Path latest = latestFolder();
    if (!Checkpoint.isIn(latest)) {
      throw new NoSuchFileException(
          latest.toString(), null, "the folder of a run has its last checkpoint there");
    }
    return Checkpoint.read(latest);
  }

  /** Returns the folders of the models that had just learned each number of hops. */
  public ImmutableSortedMap<Integer, Path> stages() throws IOException {
    SortedMap<Integer, Path> stages = new TreeMap<>();
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          // A write that was interrupted leaves the checkpoint under a longer name.
          Matcher stage = STAGE.matcher(String.valueOf(entry.getFileName()));
          if (stage.find() && Checkpoint.isIn(path.resolve(stage.group()))) {
            stages.put(
                Integer.parseInt(stage.group().substring("stage_".length())),
                path.resolve(stage.group()));
          }
        }
      }
    }
    return ImmutableSortedMap.copyOfSorted(stages);
  }

  /**
   * Returns the model that had just learned a number of hops.
   *
   * @throws NoSuchFileException if there is none
   */
  public Checkpoint stage(int hops) throws IOException {
    Path stage = stages().get(hops);
    if (stage == null) {
      throw new NoSuchFileException(
          path.resolve("stage_" + hops).toString(), null, "there are stages " + stages().keySet());
    }
    return Checkpoint.read(stage);
  }

  /**
   * Returns the model at the moment at which it first answered facts of a type well enough to be
   * kept; nothing if it never did.
   */
  public Optional<Checkpoint> reached(String type) throws IOException {
    Checkpoint latest = latest();
    ImmutableMap<String, String> provenance = latest.provenance();
    for (String name : provenance.keySet()) {
      if (name.startsWith(type + " ") && name.endsWith(REACHED)) {
        String kept = "r" + latest.model().recurrence().max() + "_l" + latest.model().layers();
        return Optional.of(
            Checkpoint.read(
                path.resolve(kept).resolve("checkpoint_epoch_" + provenance.get(name))));
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the facts to analyze the training on: those in the folder, or drawn again where they
   * are not.
   *
   * @throws IllegalArgumentException if they can neither be read nor drawn
   * @throws IOException if they cannot be read
   */
  public RunData data() throws IOException {
    Checkpoint latest = latest();
    Path data = path.resolve("data");
    return RunData.isIn(data)
        ? RunData.read(data, latest.vocabulary())
        : RunData.again(latest.provenance(), latest.vocabulary());
  }

  @Override
  public String toString() {
    return "RunFolder[" + path + "]";
  }
}
