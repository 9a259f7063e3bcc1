package io.github.recurrent.checkpoint;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingInputStream;
import com.google.common.io.ByteStreams;
import com.google.common.io.MoreFiles;
import io.github.recurrent.checkpoint.Checkpoint.TrainingState;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.folder.CompleteFolder;
import io.github.recurrent.internal.folder.FolderState;
import io.github.recurrent.internal.json.JsonSource;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A checkpoint as a folder, which changes from one complete checkpoint to the next. */
final class CheckpointFolder {
  private static final String CONFIG = "config.json";
  private static final String VOCABULARY = "vocab.json";
  private static final String PARAMETERS = "parameters.safetensors";
  private static final String FIRST_MOMENTS = "first_moments.safetensors";
  private static final String SECOND_MOMENTS = "second_moments.safetensors";
  private static final ImmutableSet<String> REQUIRED =
      ImmutableSet.of(CONFIG, VOCABULARY, PARAMETERS);
  private static final ImmutableSet<String> OPTIONAL =
      ImmutableSet.of(FIRST_MOMENTS, SECOND_MOMENTS);

  private static final JsonMapper JSON = new JsonMapper();

  /** More than any provenance has, few enough for little memory. */
  private static final int MOST_CONFIG_VALUES = 100_000;

  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");
  private static final ObjectWriter PRETTY =
      JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(LINES).withArrayIndenter(LINES));

  private final CompleteFolder folder;

  private CheckpointFolder(CompleteFolder folder) {
    this.folder = folder;
  }

  static CheckpointFolder of(Path folder) {
    return new CheckpointFolder(CompleteFolder.of(folder, "a checkpoint", REQUIRED, OPTIONAL));
  }

  void write(Checkpoint checkpoint) throws IOException {
    requireFinite(PARAMETERS, checkpoint.parameters());
    checkpoint
        .trainingState()
        .ifPresent(
            state -> {
              requireFinite(FIRST_MOMENTS, state.firstMoments());
              requireFinite(SECOND_MOMENTS, state.secondMoments());
            });
    folder.replace(writing -> write(checkpoint, writing));
  }

  private static void requireFinite(String name, Parameters tensors) {
    try {
      tensors.requireFinite();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("cannot write " + name + ": " + e.getMessage(), e);
    }
  }

  private static void write(Checkpoint checkpoint, Path writing) throws IOException {
    Map<String, String> hashes = new LinkedHashMap<>();
    Path vocabulary = writing.resolve(VOCABULARY);
    checkpoint.vocabulary().write(vocabulary);
    hashes.put(VOCABULARY, MoreFiles.asByteSource(vocabulary).hash(Hashing.sha256()).toString());
    writeTensors(writing, PARAMETERS, checkpoint.parameters(), hashes);
    if (checkpoint.trainingState().isPresent()) {
      TrainingState state = checkpoint.trainingState().get();
      writeTensors(writing, FIRST_MOMENTS, state.firstMoments(), hashes);
      writeTensors(writing, SECOND_MOMENTS, state.secondMoments(), hashes);
    }
    Files.writeString(
        writing.resolve(CONFIG),
        PRETTY.writeValueAsString(CheckpointConfig.of(checkpoint, hashes).toJson()) + "\n");
  }

  private static void writeTensors(
      Path writing, String name, Parameters parameters, Map<String, String> hashes)
      throws IOException {
    hashes.put(name, Safetensors.write(writing.resolve(name), parameters));
  }

  boolean exists() throws IOException {
    return folder.exists();
  }

  Checkpoint read() throws IOException {
    return folder.read(CheckpointFolder::read);
  }

  /** Needs no other file than {@code config.json}, which is always of one checkpoint. */
  ImmutableMap<String, String> provenance() throws IOException {
    return folder.read(state -> config(state).provenance());
  }

  private static CheckpointConfig config(FolderState state) throws IOException {
    Path file = state.file(CONFIG);
    try (InputStream bytes = open(file);
        JsonSource json = JsonSource.of(file, "", bytes)) {
      return CheckpointConfig.parse(file, json.object(MOST_CONFIG_VALUES));
    }
  }

  private static Checkpoint read(FolderState state) throws IOException {
    CheckpointConfig config = config(state);
    RecurrentDepthTransformer model = config.model();
    Checkpoint.Builder checkpoint =
        Checkpoint.builder()
            .model(model)
            .provenance(config.provenance())
            .vocabulary(vocabulary(state, config))
            .parameters(tensors(state, PARAMETERS, config));
    if (config.training().isPresent()) {
      checkpoint.trainingState(trainingState(state, config, config.training().get()));
    }
    return checkpoint.build();
  }

  private static Vocabulary vocabulary(FolderState state, CheckpointConfig config)
      throws IOException {
    Path file = state.file(VOCABULARY);
    String found;
    try (InputStream bytes = open(file)) {
      found = sha256(bytes);
    }
    String expected = hash(state, VOCABULARY, config);
    if (!found.equals(expected)) {
      throw new FileFormatException(
          file, "its SHA-256 is " + found + ", but config.json has " + expected);
    }
    List<String> tokens;
    try (InputStream bytes = open(file);
        JsonSource json = JsonSource.of(file, "", bytes)) {
      tokens = json.strings(config.model().vocabularySize());
    }
    Vocabulary vocabulary;
    try {
      vocabulary = Vocabulary.ofTokens(tokens);
    } catch (IllegalArgumentException e) {
      throw new FileFormatException(file, String.valueOf(e.getMessage()), e);
    }
    if (vocabulary.size() != config.model().vocabularySize()) {
      throw new FileFormatException(
          file,
          "has "
              + vocabulary.size()
              + " tokens, <pad> included, but the model is for "
              + config.model().vocabularySize());
    }
    return vocabulary;
  }

  private static TrainingState trainingState(
      FolderState state, CheckpointConfig config, CheckpointConfig.Training counters)
      throws IOException {
    TrainingState.Builder training =
        TrainingState.builder()
            .step(counters.step())
            .optimizerStep(counters.optimizerStep())
            .epoch(counters.epoch())
            .epochStep(counters.epochStep())
            .cooldownStep(counters.cooldownStep())
            .stage(counters.stage())
            .seed(counters.seed())
            .firstMoments(tensors(state, FIRST_MOMENTS, config))
            .secondMoments(tensors(state, SECOND_MOMENTS, config));
    try {
      return training.build();
    } catch (IllegalArgumentException e) {
      throw new FileFormatException(state.file(CONFIG), "training: " + e.getMessage(), e);
    }
  }

  private static Parameters tensors(FolderState state, String name, CheckpointConfig config)
      throws IOException {
    Path file = state.file(name);
    try {
      return FiniteParameters.require(
          file, Safetensors.read(file, config.model(), hash(state, name, config)));
    } catch (NoSuchFileException e) {
      throw new FileFormatException(file, "is missing", e);
    }
  }

  private static String hash(FolderState state, String name, CheckpointConfig config)
      throws IOException {
    String hash = config.hashes().get(name);
    if (hash == null) {
      throw new FileFormatException(state.file(CONFIG), "sha256 lacks " + name);
    }
    return hash;
  }

  private static InputStream open(Path file) throws IOException {
    try {
      return new BufferedInputStream(Files.newInputStream(file));
    } catch (NoSuchFileException e) {
      throw new FileFormatException(file, "is missing", e);
    }
  }

  private static String sha256(InputStream bytes) throws IOException {
    try (HashingInputStream hashing = new HashingInputStream(Hashing.sha256(), bytes)) {
      ByteStreams.exhaust(hashing);
      return hashing.hash().toString();
    }
  }
}
