package io.github.recurrent.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A checkpoint as a folder, which changes from one complete checkpoint to the next.
 *
 * <p>A folder cannot be renamed over another that holds files. So a new checkpoint is written to
 * {@code .NAME.writing}; the folder is renamed to {@code .NAME.previous}, the new one to the
 * folder, and the previous one deleted. Whatever the moment of an interruption, a complete
 * checkpoint is the folder or, while there is none, the previous one; the next write clears away
 * what was left behind.
 */
final class CheckpointFolder {
  private static final String CONFIG = "config.json";
  private static final String VOCABULARY = "vocab.json";
  private static final String PARAMETERS = "parameters.safetensors";
  private static final String FIRST_MOMENTS = "first_moments.safetensors";
  private static final String SECOND_MOMENTS = "second_moments.safetensors";
  private static final ImmutableSet<String> FILES =
      ImmutableSet.of(CONFIG, VOCABULARY, PARAMETERS, FIRST_MOMENTS, SECOND_MOMENTS);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");
  private static final ObjectWriter PRETTY =
      JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(LINES).withArrayIndenter(LINES));

  private final Path folder;
  private final Path parent;
  private final Path writing;
  private final Path previous;

  private CheckpointFolder(Path folder, Path name, Path parent) {
    this.folder = folder;
    this.parent = parent;
    this.writing = parent.resolve("." + name + ".writing");
    this.previous = parent.resolve("." + name + ".previous");
  }

  static CheckpointFolder of(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    Path parent = absolute.getParent();
    if (name == null || parent == null) {
      throw new IllegalArgumentException(folder + " is no place for a checkpoint folder");
    }
    return new CheckpointFolder(absolute, name, parent);
  }

  void write(Checkpoint checkpoint) throws IOException {
    requireReplaceable();
    Files.createDirectories(parent);
    delete(writing);
    try {
      Files.createDirectory(writing);
      writeFiles(checkpoint);
      forceFolder(writing);
      replace();
    } catch (IOException | RuntimeException e) {
      try {
        delete(writing);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
    forceFolder(parent);
    delete(previous);
  }

  /** Nothing but a checkpoint is ever replaced. */
  private void requireReplaceable() throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new FileAlreadyExistsException(
          folder.toString(), null, "is no folder, and a checkpoint is one");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> others =
          entries
              .map(entry -> String.valueOf(entry.getFileName()))
              .filter(name -> !FILES.contains(name))
              .sorted()
              .toList();
      if (!others.isEmpty()) {
        throw new DirectoryNotEmptyException(
            folder + " holds " + others + ", no part of a checkpoint, and is not replaced");
      }
    }
  }

  private void replace() throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(writing, folder, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    delete(previous);
    Files.move(folder, previous, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(writing, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      Files.move(previous, folder, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
  }

  private void writeFiles(Checkpoint checkpoint) throws IOException {
    Map<String, String> hashes = new LinkedHashMap<>();
    // The published form leaves out the padding token.
    hashes.put(
        VOCABULARY,
        writeJson(
            VOCABULARY,
            checkpoint.vocabulary().tokens().subList(1, checkpoint.vocabulary().size())));
    writeTensors(PARAMETERS, checkpoint.parameters(), hashes);
    if (checkpoint.trainingState().isPresent()) {
      TrainingState state = checkpoint.trainingState().get();
      writeTensors(FIRST_MOMENTS, state.firstMoments(), hashes);
      writeTensors(SECOND_MOMENTS, state.secondMoments(), hashes);
    }
    writeJson(CONFIG, CheckpointConfig.of(checkpoint, hashes).toJson());
  }

  private void writeTensors(String name, Parameters parameters, Map<String, String> hashes)
      throws IOException {
    hashes.put(name, Safetensors.write(writing.resolve(name), parameters));
  }

  private String writeJson(String name, Object json) throws IOException {
    byte[] bytes = (PRETTY.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileOutputStream out = new FileOutputStream(writing.resolve(name).toFile())) {
      out.write(bytes);
      out.getFD().sync();
    }
    return Hashing.sha256().hashBytes(bytes).toString();
  }

  /**
   * Reads again if the folder was replaced meanwhile, so that a file was of another checkpoint or
   * gone. That shows in {@code config.json}: it holds the hashes of all others, and is another file
   * even when it holds the same.
   */
  Checkpoint read() throws IOException {
    Present present = present();
    while (true) {
      try {
        return read(present);
      } catch (IOException e) {
        Present now = present();
        if (now.equals(present)) {
          throw e;
        }
        present = now;
      }
    }
  }

  /** The complete checkpoint of a moment: where it is, and its configuration, if it has one. */
  private record Present(Path folder, Optional<ByteBuffer> config, Optional<Object> fileKey) {}

  private Present present() throws IOException {
    for (Path place : List.of(folder, previous, folder)) {
      try {
        Path file = place.resolve(CONFIG);
        Object fileKey = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        byte[] config = Files.readAllBytes(file);
        return new Present(
            place, Optional.of(ByteBuffer.wrap(config)), Optional.ofNullable(fileKey));
      } catch (NoSuchFileException e) {
        // A write may have just moved it to the next place.
      }
    }
    return new Present(folder, Optional.empty(), Optional.empty());
  }

  private static Checkpoint read(Present present) throws IOException {
    Path complete = present.folder();
    if (present.config().isEmpty() && !Files.isDirectory(complete)) {
      throw new NoSuchFileException(complete.toString(), null, "there is no checkpoint folder");
    }
    Path configFile = complete.resolve(CONFIG);
    byte[] configBytes =
        present
            .config()
            .orElseThrow(() -> new CheckpointFormatException(configFile, "is missing"))
            .array();
    CheckpointConfig config = CheckpointConfig.parse(configFile, json(configFile, configBytes));
    RecurrentDepthTransformer model = config.model();
    Checkpoint.Builder checkpoint =
        Checkpoint.builder()
            .model(model)
            .provenance(config.provenance())
            .vocabulary(vocabulary(complete, config))
            .parameters(tensors(complete, PARAMETERS, config));
    if (config.training().isPresent()) {
      checkpoint.trainingState(trainingState(complete, config, config.training().get()));
    }
    return checkpoint.build();
  }

  private static Vocabulary vocabulary(Path folder, CheckpointConfig config) throws IOException {
    Path file = folder.resolve(VOCABULARY);
    byte[] bytes = bytes(file);
    String found = Hashing.sha256().hashBytes(bytes).toString();
    String expected = hash(folder, VOCABULARY, config);
    if (!found.equals(expected)) {
      throw new CheckpointFormatException(
          file, "its SHA-256 is " + found + ", but config.json has " + expected);
    }
    JsonNode json = json(file, bytes);
    List<String> tokens = new ArrayList<>();
    for (JsonNode token : json) {
      tokens.add(token.asText());
    }
    if (!json.isArray()) {
      throw new CheckpointFormatException(file, "must be a JSON array of tokens, but is not");
    }
    Vocabulary vocabulary;
    try {
      vocabulary = Vocabulary.ofTokens(tokens);
    } catch (IllegalArgumentException e) {
      throw new CheckpointFormatException(file, String.valueOf(e.getMessage()), e);
    }
    if (vocabulary.size() != config.model().vocabularySize()) {
      throw new CheckpointFormatException(
          file,
          "has "
              + vocabulary.size()
              + " tokens, <pad> included, but the model is for "
              + config.model().vocabularySize());
    }
    return vocabulary;
  }

  private static TrainingState trainingState(
      Path folder, CheckpointConfig config, CheckpointConfig.Training counters) throws IOException {
    TrainingState.Builder state =
        TrainingState.builder()
            .step(counters.step())
            .optimizerStep(counters.optimizerStep())
            .epoch(counters.epoch())
            .stage(counters.stage())
            .seed(counters.seed())
            .firstMoments(tensors(folder, FIRST_MOMENTS, config))
            .secondMoments(tensors(folder, SECOND_MOMENTS, config));
    try {
      return state.build();
    } catch (IllegalArgumentException e) {
      throw new CheckpointFormatException(folder.resolve(CONFIG), "training: " + e.getMessage(), e);
    }
  }

  private static Parameters tensors(Path folder, String name, CheckpointConfig config)
      throws IOException {
    Path file = folder.resolve(name);
    try {
      return Safetensors.read(file, config.model(), hash(folder, name, config));
    } catch (NoSuchFileException e) {
      throw new CheckpointFormatException(file, "is missing", e);
    }
  }

  private static String hash(Path folder, String name, CheckpointConfig config) throws IOException {
    String hash = config.hashes().get(name);
    if (hash == null) {
      throw new CheckpointFormatException(folder.resolve(CONFIG), "sha256 lacks " + name);
    }
    return hash;
  }

  private static byte[] bytes(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new CheckpointFormatException(file, "is missing", e);
    }
  }

  private static JsonNode json(Path file, byte[] bytes) throws IOException {
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new CheckpointFormatException(file, "is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Makes renames within a folder last; only POSIX systems can and need to. */
  private static void forceFolder(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
