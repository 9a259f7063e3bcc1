package io.github.recurrent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.io.Resources;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.common.primitives.Bytes;
import io.github.recurrent.checkpoint.Checkpoint.TrainingState;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckpointFolderTest {
  private static final Checkpoint OLD = CheckpointFixture.trained(1);
  private static final Checkpoint NEW = CheckpointFixture.inTraining(2);

  private Path temporary;
  private Path runs;
  private Path folder;

  @BeforeEach
  void chooseFolder(@TempDir Path temporary) {
    this.temporary = temporary;
    runs = temporary.resolve("runs");
    folder = runs.resolve("best");
  }

  @ParameterizedTest
  @MethodSource
  void whatIsWrittenIsRead(Checkpoint checkpoint) throws IOException {
    checkpoint.write(folder);

    assertThat(Checkpoint.read(folder)).isEqualTo(checkpoint);
  }

  static Stream<Checkpoint> whatIsWrittenIsRead() {
    RecurrentDepthTransformer fixed =
        RecurrentDepthTransformer.builder()
            .vocabulary(CheckpointFixture.VOCABULARY)
            .width(6)
            .layers(2)
            .heads(3)
            .positions(PositionEncoding.SINUSOIDAL)
            .attentionSlopes(8, 0.5, 0)
            .readPosition(ReadPosition.lastToken())
            .recurrence(Recurrence.fixed(4))
            .initialization(Initialization.builder().embeddingStandardDeviation(0.02).build())
            .build();
    return Stream.of(
        OLD,
        NEW,
        Checkpoint.builder()
            .model(fixed)
            .vocabulary(CheckpointFixture.VOCABULARY)
            .parameters(Parameters.initialize(fixed, Seed.of(3)))
            .build());
  }

  @Test
  void aFullDiskLeavesTheLastCheckpoint() throws IOException {
    NEW.write(folder);
    long size = 0;
    for (String name : entries(folder)) {
      size += 512 * (Files.size(folder.resolve(name)) / 512 + 1);
    }
    Configuration disk =
        Configuration.unix().toBuilder().setBlockSize(512).setMaxSize(size * 3 / 2).build();
    try (FileSystem small = Jimfs.newFileSystem(disk)) {
      Path run = small.getPath("/runs/latest");
      NEW.write(run);

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> CheckpointFixture.inTraining(3).write(run))
          .withMessageContaining("out of disk space");

      assertThat(Checkpoint.read(run)).isEqualTo(NEW);
      assertThat(entries(small.getPath("/runs"))).containsExactly("latest");
    }
  }

  @Test
  void holdsThePublishedVocabularyAndNoMomentsWithoutATrainingState() throws IOException {
    OLD.write(folder);

    assertThat(entries(folder))
        .containsExactly("config.json", "parameters.safetensors", "vocab.json");
    assertThat(Files.readString(folder.resolve("vocab.json")))
        .isEqualToIgnoringWhitespace(
            "[\"<e_0>\", \"<e_1>\", \"<e_2>\", \"<r_0>\", \"<a>\", \"</a>\"]");
  }

  @Test
  void theSameCheckpointIsTheSameBytes() throws IOException {
    NEW.write(folder);
    Path again = temporary.resolve("again");
    NEW.write(again);

    for (String file : entries(folder)) {
      assertThat(again.resolve(file)).hasSameBinaryContentAs(folder.resolve(file));
    }
  }

  @Test
  void replacesAnOlderCheckpointAsAWhole() throws IOException {
    NEW.write(folder);
    OLD.write(folder);

    assertThat(Checkpoint.read(folder)).isEqualTo(OLD);
    assertThat(entries(folder)).doesNotContain("first_moments.safetensors");
    assertThat(entries(runs)).containsExactly("best");
  }

  @Test
  void replacesAnEmptyFolder() throws IOException {
    Files.createDirectories(folder);

    OLD.write(folder);

    assertThat(Checkpoint.read(folder)).isEqualTo(OLD);
  }

  @ParameterizedTest
  @ValueSource(strings = {".DS_Store", ".config.json.swp", "config.json~", "thesis.tex"})
  void keepsWhatIsNotPartOfACheckpoint(String other) throws IOException {
    OLD.write(folder);
    Files.writeString(folder.resolve(other), "years of work");

    NEW.write(folder);
    OLD.write(folder);

    assertThat(Checkpoint.read(folder)).isEqualTo(OLD);
    assertThat(folder.resolve(other)).hasContent("years of work");
    assertThat(entries(folder))
        .containsExactlyInAnyOrder("config.json", "parameters.safetensors", "vocab.json", other);
    assertThat(entries(runs)).containsExactly("best");
  }

  @Test
  void replacesNoFilesOfSomethingElse() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.writeString(folder.resolve("package.json"), "{}");

    assertThatExceptionOfType(DirectoryNotEmptyException.class)
        .isThrownBy(() -> NEW.write(folder))
        .withMessageContaining("config.json")
        .withMessageContaining("package.json");
    assertThat(folder.resolve("config.json")).hasContent("{}");
  }

  @Test
  void replacesNoFile() throws IOException {
    Path file = Files.writeString(temporary.resolve("notes"), "kept");

    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> NEW.write(file))
        .withMessageContaining("notes");
    assertThat(file).hasContent("kept");
  }

  @Test
  void theRootIsNoPlaceForACheckpoint() {
    assertThatIllegalArgumentException().isThrownBy(() -> OLD.write(temporary.getRoot()));
  }

  @Test
  void anInterruptionWhileWritingLeavesTheOldCheckpoint() throws IOException {
    OLD.write(folder);
    Path writing = Files.createDirectory(folder.resolveSibling(".best.writing"));
    Files.write(writing.resolve("parameters.safetensors"), new byte[100]);

    assertThat(Checkpoint.read(folder)).isEqualTo(OLD);
    assertWriteRecovers();
  }

  @Test
  void anInterruptionBetweenTheRenamesLeavesTheOldCheckpoint() throws IOException {
    OLD.write(folder.resolveSibling(".best.previous"));
    NEW.write(folder.resolveSibling(".best.writing"));

    assertThat(Checkpoint.read(folder)).isEqualTo(OLD);
    assertWriteRecovers();
  }

  @Test
  void anInterruptionBeforeThePreviousIsDeletedLeavesTheNewCheckpoint() throws IOException {
    NEW.write(folder);
    OLD.write(folder.resolveSibling(".best.previous"));
    Files.delete(folder.resolveSibling(".best.previous").resolve("vocab.json"));

    assertThat(Checkpoint.read(folder)).isEqualTo(NEW);
    assertWriteRecovers();
  }

  private void assertWriteRecovers() throws IOException {
    Checkpoint next = CheckpointFixture.trained(9);
    next.write(folder);
    assertThat(Checkpoint.read(folder)).isEqualTo(next);
    assertThat(entries(runs)).containsExactly("best");
  }

  @Test
  void aFolderCanBeReadWhileItIsReplaced() throws Exception {
    List<Checkpoint> checkpoints =
        IntStream.range(0, 20).mapToObj(CheckpointFixture::trained).toList();
    checkpoints.get(0).write(folder);
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing =
          writer.submit(
              () -> {
                for (Checkpoint checkpoint : checkpoints) {
                  checkpoint.write(folder);
                }
                return null;
              });
      while (!writing.isDone()) {
        assertThat(Checkpoint.read(folder)).isIn(checkpoints);
      }
      writing.get();
    } finally {
      writer.shutdownNow();
    }
  }

  @Test
  void aFailedWriteAfterAnInterruptionKeepsThePreviousCheckpoint() throws IOException {
    OLD.write(folder.resolveSibling(".best.previous"));
    Files.createFile(temporary.resolve("file"));

    assertThatIOException().isThrownBy(() -> NEW.write(temporary.resolve("file").resolve("best")));
    assertThat(Checkpoint.read(folder)).isEqualTo(OLD);
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> Checkpoint.read(folder))
        .withMessageContaining(folder.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.json",
        "vocab.json",
        "parameters.safetensors",
        "first_moments.safetensors",
        "second_moments.safetensors"
      })
  void aMissingFileIsNamed(String name) throws IOException {
    NEW.write(folder);
    Files.delete(folder.resolve(name));

    assertRejected(name, "is missing");
  }

  @Test
  void filesOfTwoCheckpointsAreNotTakenForOne() throws IOException {
    OLD.write(folder);
    Path other = temporary.resolve("other");
    CheckpointFixture.trained(3).write(other);
    MoreFiles.deleteRecursively(
        folder.resolve("parameters.safetensors"), RecursiveDeleteOption.ALLOW_INSECURE);
    Files.copy(other.resolve("parameters.safetensors"), folder.resolve("parameters.safetensors"));

    assertRejected("parameters.safetensors", "SHA-256");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"format_version\" : 1 | \"format_version\" : 2 | format_version is 2, but only 1",
        "\"format_version\" : 1 | \"format_version\" : \"1\" | format_version must be a 32-bit",
        "\"width\" : 4 | \"width\" : 4.5 | model.width must be a 32-bit integer, but is 4.5",
        "\"width\" : 4 | \"width\" : 3000000000 | model.width must be a 32-bit integer",
        "\"width\" : 4 | \"width\" : 100000 | model: a tensor of shape",
        "\"width\" : 4 | \"width\" : 2147483647 | model:",
        "\"heads\" : 2 | \"heads\" : 3 | width 4 is not a multiple of the 3 heads",
        "\"heads\" : 2 | \"heads\" : 2, \"attention_slopes\" : [1] | one for each of the 2 heads",
        "\"heads\" : 2 | \"heads\" : 2, \"attention_slopes\" : [1, -1] | must be at least 0",
        "\"heads\" : 2 | \"heads\" : 2, \"attention_slopes\" : [1, null] | array of numbers",
        "\"heads\" : 2, | `` | model.heads is missing",
        "\"heads\" : 2 | \"heads\" : 2, \"tails\" : 2 | unknown fields [tails]",
        "\"heads\" : 2 | \"heads\" : 2, \"heads\" : 2 | Duplicate field 'heads'",
        "\"layers\" : 1 | \"layers\" : 2000000000 | layers must be at most",
        "\"learned\" | \"rotary\" | \"rotary\" is none of [none, learned, sinusoidal]",
        "\"column 2\" | \"column x\" | model.read_position: \"column x\" is not a read position",
        "\"column 2\" | \"column 5\" | \"column 5\" needs rows of 6 tokens, but the model has 3 pos",
        "\"column 2\" | \"column 999999999\" | needs rows of 1000000000 tokens",
        "\"lambda\" : 3.5 | \"lambda\" : -1 | model.recurrence: λ must be positive",
        "\"lambda\" : 3.5 | \"lambda\" : 1e300 | model.recurrence: λ must be positive and at most",
        "\"linear_deviation\" : 0.1 | \"linear_deviation\" : 1e300 | linearStandardDeviation must be",
        "\"heads\" : 2 | \"heads\" : 2, \"attention_slopes\" : [1, 1e300] | and finite",
        "\"lambda\" : 3.5 | \"lambda\" : 0 | model.recurrence: fixed recurrence",
        "\"projection_scale\" : 0.5 | \"projection_scale\" : -1 | model.initialization:",
        "\"input_injection\" : true | \"input_injection\" : 1 | must be true or false, but is 1",
        "\"stage\" : 4 | \"stage\" : 0 | training: stage must be at least 1",
        "\"seed\" : \"2\" | \"seed\" : 2 | provenance.seed must be a string, but is 2",
        "\"vocab.json\" : | \"vocab.jsonl\" : | sha256 lacks vocab.json",
        "\"sha256\" : { | \"sha256\" : [ | is not valid JSON",
        "\"vocabulary_size\" : 7 | \"vocabulary_size\" : 8 | has 7 tokens",
      })
  void aBadConfigurationIsNamed(String text, String replacement, String message)
      throws IOException {
    NEW.write(folder);
    Path config = folder.resolve("config.json");
    String original = Files.readString(config);
    assertThat(original).contains(text);
    Files.writeString(config, original.replace(text, replacement));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> Checkpoint.read(folder))
        .withMessageContaining(folder.toString())
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{} {}", "{\"a\": "})
  void whatIsNoConfigurationIsRejected(String text) throws IOException {
    OLD.write(folder);
    Files.writeString(folder.resolve("config.json"), text);

    assertRejected("config.json", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "vocab.json"})
  void textBehindTheEndIsRejected(String name) throws IOException {
    CheckpointFixture.trained(1).write(folder);
    Path file = folder.resolve(name);
    byte[] bytes = (Files.readString(file) + "{}").getBytes(StandardCharsets.UTF_8);
    if (name.equals("vocab.json")) {
      replace(file, bytes);
    } else {
      Files.write(file, bytes);
    }

    assertRejected(name, "text behind its end");
  }

  @Test
  void aByteOrderMarkIsSkipped() throws IOException {
    OLD.write(folder);
    Path config = folder.resolve("config.json");
    Files.writeString(config, "\uFEFF" + Files.readString(config));

    assertThat(Checkpoint.read(folder)).isEqualTo(OLD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "vocab.json"})
  void whatIsNotInUtf8IsRejected(String name) throws IOException {
    OLD.write(folder);
    Path file = folder.resolve(name);
    byte[] damagedUtf32 = {0, 0, 0, '[', 0, 0, 0, '"', (byte) 0xfe, 0, 0, 1};
    replace(file, damagedUtf32);

    assertRejected(name, "is not valid JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":[%s]}", "[%s]", "{\"provenance\":[%s]}"})
  void aConfigurationOfCountlessValuesIsRejectedBeforeTheyFillTheMemory(String json)
      throws IOException {
    OLD.write(folder);
    Files.writeString(
        folder.resolve("config.json"), String.format(json, "{},".repeat(4_000_000) + "{}"));

    assertRejected("config.json", "holds far more values");
  }

  @Test
  void aVocabularyOfCountlessTokensIsRejectedAtTheFirstTooMany() throws IOException {
    OLD.write(folder);
    replace(
        folder.resolve("vocab.json"),
        ("[" + "\"a\",".repeat(100) + "5").getBytes(StandardCharsets.UTF_8));

    assertRejected("vocab.json", "has more than 7 strings");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aWeightThatIsNotFiniteIsRejected(float value) throws IOException {
    NEW.write(folder);
    TrainingState state = NEW.trainingState().orElseThrow();
    String tensor = "blocks.0.mlp.c_fc.weight";
    for (Map.Entry<String, Parameters> file :
        Map.of(
                "parameters.safetensors", NEW.parameters(),
                "first_moments.safetensors", state.firstMoments(),
                "second_moments.safetensors", state.secondMoments())
            .entrySet()) {
      Path path = folder.resolve(file.getKey());
      byte[] bytes = Files.readAllBytes(path);
      byte[] damaged = bytes.clone();
      int at = Bytes.indexOf(bytes, little(file.getValue().values(tensor).get(17)));
      System.arraycopy(little(value), 0, damaged, at, Float.BYTES);

      replace(path, damaged);
      assertRejected(file.getKey(), tensor + " is " + value + " at index [1, 1]");
      replace(path, bytes);
    }
  }

  private static byte[] little(float value) {
    return ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
  }

  @Test
  void whatIsNotFiniteIsNotWrittenAndTheCheckpointBeforeStays() throws IOException {
    NEW.write(folder);
    String tensor = "blocks.0.mlp.c_fc.weight";
    Checkpoint bad = CheckpointFixture.withValue(OLD, tensor, 17, Float.NaN);
    Parameters infinite =
        CheckpointFixture.withValue(OLD, tensor, 17, Float.POSITIVE_INFINITY).parameters();
    TrainingState state = NEW.trainingState().orElseThrow();

    assertNotWritten(bad, "parameters.safetensors: " + tensor + " is NaN at index [1, 1]");
    assertNotWritten(
        withState(TrainingState.builder().from(state).firstMoments(infinite).build()),
        "first_moments.safetensors: " + tensor + " is Infinity");
    assertNotWritten(
        withState(TrainingState.builder().from(state).secondMoments(infinite).build()),
        "second_moments.safetensors: " + tensor + " is Infinity");
  }

  private static Checkpoint withState(TrainingState state) {
    return Checkpoint.builder().from(NEW).trainingState(state).build();
  }

  private void assertNotWritten(Checkpoint checkpoint, String message) throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> checkpoint.write(folder))
        .withMessageContaining(message);
    assertThat(Checkpoint.read(folder)).isEqualTo(NEW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[1", "[\"<e_0>\", \"<e_0>\", \"<r_0>\"]", "[\"<e_0>\", 5]"})
  void whatIsNoVocabularyIsRejected(String text) throws IOException {
    OLD.write(folder);
    replaceVocabulary(text);

    assertRejected("vocab.json", "");
  }

  private void replaceVocabulary(String text) throws IOException {
    replace(folder.resolve("vocab.json"), text.getBytes(StandardCharsets.UTF_8));
  }

  /** Replaces a file, and its hash in the configuration. */
  private void replace(Path file, byte[] bytes) throws IOException {
    Path config = folder.resolve("config.json");
    String before = sha256(file);
    Files.write(file, bytes);
    if (!file.equals(config)) {
      Files.writeString(config, Files.readString(config).replace(before, sha256(file)));
    }
  }

  private static String sha256(Path file) throws IOException {
    return Hashing.sha256().hashBytes(Files.readAllBytes(file)).toString();
  }

  /** Bytes are flipped and files cut at random; nothing but a complete checkpoint comes back. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.json",
        "vocab.json",
        "parameters.safetensors",
        "first_moments.safetensors"
      })
  void aDamagedFileIsRejectedOrHarmless(String name) throws IOException {
    NEW.write(folder);
    Path file = folder.resolve(name);
    byte[] original = Files.readAllBytes(file);
    UniformRandomProvider random = RandomStream.of(Seed.of(11).child(name));
    int rejected = 0;
    for (int round = 0; round < 150; round++) {
      byte[] damaged =
          random.nextInt(4) == 0
              ? Arrays.copyOf(original, random.nextInt(original.length))
              : original.clone();
      int flips = damaged.length == 0 ? 0 : random.nextInt(4);
      for (int flip = 0; flip < flips; flip++) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, damaged);
      try {
        Checkpoint read = Checkpoint.read(folder);
        if (!name.equals("config.json")) {
          assertThat(damaged).isEqualTo(original);
        }
        assertThat(read.parameters().shapes()).isEqualTo(read.model().parameterShapes());
      } catch (FileFormatException e) {
        assertThat(e).hasMessageContaining(folder.toString());
        rejected++;
      }
    }
    assertThat(rejected).isGreaterThan(75);
  }

  /** Written by the first version of the format; every later version must read it. */
  @Test
  void readsTheFrozenCheckpointOfFormatVersionOne() throws IOException {
    Files.createDirectories(folder);
    for (String name :
        ImmutableList.of(
            "config.json",
            "vocab.json",
            "parameters.safetensors",
            "first_moments.safetensors",
            "second_moments.safetensors")) {
      try (InputStream in =
          Resources.getResource(CheckpointFolderTest.class, "/golden/checkpoint-1/" + name)
              .openStream()) {
        Files.copy(in, folder.resolve(name));
      }
    }

    Checkpoint frozen = Checkpoint.read(folder);

    assertThat(frozen.model()).isEqualTo(CheckpointFixture.MODEL);
    assertThat(frozen.vocabulary()).isEqualTo(CheckpointFixture.VOCABULARY);
    assertThat(frozen.provenance())
        .isEqualTo(ImmutableMap.of("seed", "2", "data", "\"graph\"\n{é}"));
    TrainingState state = frozen.trainingState().orElseThrow();
    assertThat(state.step()).isEqualTo(5_000_000_000L);
    assertThat(state.optimizerStep()).isEqualTo(12);
    assertThat(state.epoch()).isEqualTo(3);
    assertThat(state.stage()).isEqualTo(4);
    assertThat(state.seed()).isEqualTo(Long.MIN_VALUE);
    assertThat(frozen.parameters().values("blocks.0.ln_1.weight").get(0)).isEqualTo(1f);
    assertThat(frozen.parameters().values("token_embedding.weight").get(0)).isEqualTo(0.8357546f);
    assertThat(state.firstMoments().values("token_embedding.weight").get(1)).isEqualTo(-0.5482115f);
    assertThat(state.secondMoments().values("blocks.0.mlp.c_proj.weight").get(63))
        .isEqualTo(-0.028985303f);
  }

  private void assertRejected(String file, String message) {
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> Checkpoint.read(folder))
        .withMessageContaining(folder.resolve(file).toString())
        .withMessageContaining(message);
  }

  private static List<String> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
