package io.github.recurrent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.recurrent.checkpoint.TorchFile.Pickle;
import io.github.recurrent.checkpoint.TorchFile.Tensor;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.fixtures.PyTorchFixture;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.model.Parameters.Shape;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.Unpickler;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PyTorchCheckpointTest {
  private static final Checkpoint CHECKPOINT = CheckpointFixture.trained(4);
  private static final RecurrentDepthTransformer MODEL = CHECKPOINT.model();
  private static final Vocabulary VOCABULARY = CHECKPOINT.vocabulary();

  private Path folder;
  private Path file;

  @BeforeEach
  void chooseFile(@TempDir Path temporary) {
    folder = temporary;
    file = temporary.resolve("model.pt");
  }

  @Test
  void readsAPublishedCheckpointOfACompiledModel() {
    Checkpoint checkpoint = PyTorchFixture.nope().checkpoint();

    assertThat(checkpoint.parameters().shapes()).isEqualTo(checkpoint.model().parameterShapes());
    assertThat(checkpoint.provenance())
        .containsEntry("epoch", "7")
        .containsEntry("source", "pytorch_nope.pt")
        .containsEntry("format", "PyTorch");
  }

  @Test
  void readsAPublishedCheckpointWithMasksAndLearnedPositions() {
    Checkpoint checkpoint = PyTorchFixture.learned().checkpoint();

    assertThat(checkpoint.parameters().values("position_embedding.weight").remaining())
        .isEqualTo(5 * 64);
  }

  @Test
  void readsAStateDictNestedOrBare() throws IOException {
    TorchFile.of(CHECKPOINT).writeNested(file);
    Checkpoint nested = read();
    TorchFile.of(CHECKPOINT).writeBare(file);
    Checkpoint bare = read();

    assertThat(nested.parameters()).isEqualTo(CHECKPOINT.parameters());
    assertThat(nested.provenance()).containsEntry("epoch", "3");
    assertThat(bare.parameters()).isEqualTo(CHECKPOINT.parameters());
    assertThat(nested.trainingState()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "module.",
        "_orig_mod.",
        "model.",
        "module._orig_mod.",
        "_orig_mod.module.",
        "model._orig_mod.module."
      })
  void whatStandsInFrontOfNamesIsTakenOff(String prefix) throws IOException {
    TorchFile.of(CHECKPOINT).prefixed(prefix).writeNested(file);

    assertThat(read().parameters()).isEqualTo(CHECKPOINT.parameters());
  }

  @Test
  void aPartThatIsWrappedIsReadAsIfItWereNot() throws IOException {
    TorchFile torch = TorchFile.of(CHECKPOINT);
    torch.put("blocks.0._orig_mod.ln_1.bias", torch.get("blocks.0.ln_1.bias"));
    torch.remove("blocks.0.ln_1.bias").writeNested(file);

    assertThat(read().parameters()).isEqualTo(CHECKPOINT.parameters());
  }

  @ParameterizedTest
  @ValueSource(strings = {"model_state_dict", "state_dict", "model", "model model_state_dict"})
  void theStateDictIsFoundUnderTheNamesThatPeopleGiveIt(String keys) throws IOException {
    TorchFile.of(CHECKPOINT).writeUnder(file, "", keys.split(" "));

    assertThat(read().parameters()).isEqualTo(CHECKPOINT.parameters());
  }

  /** Values that are saved beside a state dict, as the instructions that make them. */
  static Stream<Arguments> whatStandsBesideTheStateDictIsSkipped() {
    return Stream.of(
        Arguments.of("None", "N"),
        Arguments.of("a dict of one None", "}X\u0001\0\0\0aNs"),
        Arguments.of("a Counter", "ccollections\nCounter\n}K\nK\u0001s\u0085R"),
        Arguments.of("an OrderedDict of pairs", "ccollections\nOrderedDict\n]](K\u0001Nea\u0085R"),
        Arguments.of("a device", "ctorch\ndevice\nX\u0004\0\0\0cuda\u0085R"),
        Arguments.of("a dtype", "ctorch\nbfloat16\n"),
        Arguments.of("a size", "ctorch\nSize\nK\u0001K\u0002\u0086\u0085R"),
        Arguments.of("a set", "c__builtin__\nset\n]K\u0001a\u0085R"),
        Arguments.of("a set of protocol 4", "\u008f(K\u0001\u0090"),
        Arguments.of("a frozenset", "(K\u0001\u0091"),
        Arguments.of("bytes", "C\u0002ab"),
        Arguments.of("a byte array", "\u0096\u0002\0\0\0\0\0\0\0ab"),
        Arguments.of(
            "a defaultdict", "ccollections\ndefaultdict\nc__builtin__\nlist\n\u0085RK\u0001Ns"),
        Arguments.of("a deque", "ccollections\ndeque\n)R(K\u0001K\u0002e"),
        Arguments.of("a namespace", "cargparse\nNamespace\n)\u0081}X\u0001\0\0\0aK\u0001sb"),
        Arguments.of("an instance", "(iargparse\nNamespace\n"),
        Arguments.of("a large integer", "\u008a\t\0\0\0\0\0\0\0\0@"),
        Arguments.of("a larger integer", "\u008b\u0002\0\0\0ab"),
        Arguments.of("a dict with a tuple for a key", "}K\u0001K\u0002\u0086Ns"),
        Arguments.of("what must not be run", "cos\nsystem\nX\u0001\0\0\0x\u0085R"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void whatStandsBesideTheStateDictIsSkipped(String what, String instructions) throws IOException {
    TorchFile.of(CHECKPOINT).writeUnder(file, instructions, "model_state_dict");

    Checkpoint read = read();

    assertThat(read.parameters()).as(what).isEqualTo(CHECKPOINT.parameters());
    assertThat(read.provenance()).containsEntry("format", "PyTorch");
  }

  @Test
  void aWrongGuessIsToldWhatTheFileHolds() throws IOException {
    TorchFile.of(CHECKPOINT).writeNested(file);
    RecurrentDepthTransformer guess =
        RecurrentDepthTransformer.builder().from(MODEL).width(8).layers(3).build();

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> PyTorchCheckpoint.read(file, guess, VOCABULARY))
        .withMessageContaining("holds 1 layer of width 4, vocabulary 7, 3 learned positions")
        .withMessageContaining("3 layers of width 8, vocabulary 7, 3 learned positions");
  }

  @Test
  void aFileDescribesItself() throws IOException {
    TorchFile.of(CHECKPOINT).prefixed("module.").writeNested(file);

    PyTorchCheckpoint.Contents contents = PyTorchCheckpoint.describe(file);

    assertThat(contents).hasToString("1 layer of width 4, vocabulary 7, 3 learned positions");
    assertThat(contents.provenance()).containsEntry("epoch", "3");
    assertThat(contents.model().heads(2).build().parameterShapes())
        .isEqualTo(MODEL.parameterShapes());
  }

  @Test
  void aPublishedFileDescribesItself() throws IOException {
    Path published = PyTorchFixture.copyTo(folder, "pytorch_nope");

    assertThat(PyTorchCheckpoint.describe(published))
        .hasToString("2 layers of width 48, vocabulary 33, no positions");
  }

  @Test
  void aFileOfAnotherKindOfModelDescribesNothing() throws IOException {
    TorchFile torch = TorchFile.of(CHECKPOINT);
    Tensor tensor = torch.get("ln_f.bias");
    new TorchFile().put("encoder.weight", tensor).writeBare(file);

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> PyTorchCheckpoint.describe(file))
        .withMessageContaining("model.pt")
        .withMessageContaining("encoder.weight");
  }

  @Test
  void aWholeModelIsRefusedByItsType() throws IOException {
    new TorchFile().write(file, new Pickle().raw("c__main__\nModel\n)\u0081}b.").bytes());

    assertRejected("state_dict(), but holds __main__.Model");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "}",
        "]",
        "(",
        "N\u0094",
        "}]",
        "K\u0001q\u0001",
        ")\u0085",
        "}K\u0001Ns",
        "ca\nb\n",
        "X\u0000\u0000\u0000\u0000"
      })
  void countlessObjectsAreRejectedBeforeTheyFillTheMemory(String instructions) throws IOException {
    new TorchFile()
        .write(
            file,
            new Pickle()
                .raw(instructions.repeat(15_000_000 / instructions.length()))
                .raw("N.")
                .bytes());

    assertRejected("data.pkl");
    assertRejected("far more than a state dict");
  }

  @Test
  void aPickleThatIsFarTooLongIsRejectedBeforeItIsRead() throws IOException {
    new TorchFile().write(file, new byte[(16 << 20) + 1]);

    assertRejected("data.pkl has 16777217 bytes");
  }

  @Test
  void readsAFileOfNewerVersionsThatNamesItsByteOrder() throws IOException {
    TorchFile.of(CHECKPOINT).entry("archive/byteorder", "little").writeBare(file);
    assertThat(read().parameters()).isEqualTo(CHECKPOINT.parameters());

    TorchFile.of(CHECKPOINT).entry("archive/byteorder", "big").writeBare(file);
    assertRejected("byte order is \"big\"");
  }

  @ParameterizedTest
  @MethodSource
  void otherFloatsBecomeFloats(String type, byte[] storage, float... expected) throws IOException {
    TorchFile.of(CHECKPOINT)
        .put("ln_f.bias", TorchFile.tensor(type, Shape.of(4), storage))
        .writeNested(file);

    for (int i = 0; i < expected.length; i++) {
      if (!Float.isFinite(expected[i])) {
        assertRejected("ln_f.bias is " + expected[i] + " at index [" + i + "]");
        return;
      }
    }
    assertThat(read().parameters().values("ln_f.bias"))
        .isEqualByComparingTo(FloatBuffer.wrap(expected));
  }

  static Stream<Arguments> otherFloatsBecomeFloats() {
    return Stream.of(
        Arguments.of(
            "HalfStorage",
            shorts(0x3c00, 0xc100, 0x0001, 0x7bff),
            new float[] {1, -2.5f, 0x1p-24f, 65504}),
        Arguments.of(
            "HalfStorage",
            shorts(0x8000, 0x7c00, 0xfc00, 0x03ff),
            new float[] {-0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1023 * 0x1p-24f}),
        Arguments.of(
            "HalfStorage",
            shorts(0x8000, 0x03ff, 0x7e00, 0x3c00),
            new float[] {-0f, 1023 * 0x1p-24f, Float.NaN, 1}),
        Arguments.of(
            "HalfStorage",
            shorts(0x8000, 0x03ff, 0xfbff, 0x3c00),
            new float[] {-0f, 1023 * 0x1p-24f, -65504, 1}),
        Arguments.of(
            "BFloat16Storage",
            shorts(0x3f80, 0xc020, 0x0080, 0x8000),
            new float[] {1, -2.5f, Float.MIN_NORMAL, -0f}),
        Arguments.of(
            "BFloat16Storage",
            shorts(0x3f80, 0xc020, 0x7f80, 0x0080),
            new float[] {1, -2.5f, Float.POSITIVE_INFINITY, Float.MIN_NORMAL}),
        Arguments.of(
            "DoubleStorage",
            ByteBuffer.allocate(32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(1)
                .putDouble(-2.5)
                .putDouble(0.1)
                .putDouble(1e300)
                .array(),
            new float[] {1, -2.5f, 0.1f, Float.POSITIVE_INFINITY}));
  }

  private static byte[] shorts(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(value -> bytes.putShort((short) value));
    return bytes.array();
  }

  @Test
  void aTransposedViewIsReadInItsOwnOrder() throws IOException {
    String name = "position_embedding.weight";
    Tensor transposed =
        TorchFile.floats(
            Shape.of(12), FloatBuffer.wrap(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
    Tensor view =
        new Tensor("FloatStorage", 12, 0, List.of(3L, 4L), List.of(1L, 3L), transposed.storage());
    TorchFile.of(CHECKPOINT).put(name, view).writeNested(file);

    assertThat(read().parameters().values(name))
        .isEqualByComparingTo(FloatBuffer.wrap(new float[] {0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11}));
  }

  @Test
  void aViewIntoALargerStorageIsReadFromItsOffset() throws IOException {
    Tensor storage =
        TorchFile.floats(Shape.of(6), FloatBuffer.wrap(new float[] {0, 1, 2, 3, 4, 5}));
    Tensor view = new Tensor("FloatStorage", 6, 2, List.of(4L), List.of(1L), storage.storage());
    TorchFile.of(CHECKPOINT).put("ln_f.bias", view).writeNested(file);

    assertThat(read().parameters().values("ln_f.bias"))
        .isEqualByComparingTo(FloatBuffer.wrap(new float[] {2, 3, 4, 5}));
  }

  @ParameterizedTest
  @CsvSource({
    "4, 1, 1, reaches beyond its storage of 4 values",
    "4, 0, 2, reaches beyond its storage of 4 values",
    "4, 0, 9223372036854775807, reaches beyond its storage of 4 values",
    "4, -1, 1, has offset -1",
    "4, 0, -1, none may be negative",
    "5, 0, 1, is in a FloatStorage of 5 values",
    "4611686018427387904, 0, 1, is in a FloatStorage of 4611686018427387904 values",
    "0, 0, 0, reaches beyond its storage of 0 values",
  })
  void aViewThatDoesNotFitItsStorageIsRejected(
      long length, long offset, long stride, String message) throws IOException {
    Tensor view =
        new Tensor(
            "FloatStorage", length, offset, List.of(4L), List.of(stride), ByteBuffer.allocate(16));
    TorchFile.of(CHECKPOINT).put("ln_f.bias", view).writeNested(file);

    assertRejected("ln_f.bias");
    assertRejected(message);
  }

  @Test
  void aWrongShapeIsNamedWithBothShapes() throws IOException {
    TorchFile.of(CHECKPOINT)
        .put("ln_f.bias", TorchFile.tensor("FloatStorage", Shape.of(5), new byte[20]))
        .writeNested(file);

    assertRejected("ln_f.bias has shape [5], but the model's is [4]");
  }

  @Test
  void aMissingParameterIsNamed() throws IOException {
    TorchFile.of(CHECKPOINT).remove("blocks.0.ln_2.bias").writeNested(file);

    assertRejected("lacks [blocks.0.ln_2.bias]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"blocks.1.ln_1.bias", "pe", "blocks.0.attn.c_attn.scale"})
  void anUnknownParameterIsNamed(String name) throws IOException {
    TorchFile torch = TorchFile.of(CHECKPOINT);
    torch.put(name, torch.get("ln_f.bias")).writeNested(file);

    assertRejected("holds " + name + " [4]");
  }

  @Test
  void aParameterWithAndWithoutThePrefixIsRejected() throws IOException {
    TorchFile torch = TorchFile.of(CHECKPOINT);
    torch.put("_orig_mod.ln_f.bias", torch.get("ln_f.bias")).writeNested(file);

    assertRejected("holds ln_f.bias twice");
  }

  @Test
  void integersAreNoParameters() throws IOException {
    TorchFile.of(CHECKPOINT)
        .put("ln_f.bias", TorchFile.tensor("LongStorage", Shape.of(4), new byte[32]))
        .writeNested(file);

    assertRejected("ln_f.bias is in a LongStorage");
  }

  @Test
  void aHeadThatIsNotTheTokenEmbeddingIsRejected() throws IOException {
    TorchFile torch = TorchFile.of(CHECKPOINT);
    byte[] other = torch.get("lm_head.weight").storage().array().clone();
    other[other.length - 1] ^= 1;
    torch
        .put("lm_head.weight", TorchFile.tensor("FloatStorage", Shape.of(7, 4), other))
        .writeNested(file);

    assertRejected("lm_head.weight differs from token_embedding.weight");
  }

  @Test
  void sinusoidsOfTheFileMustBeThoseOfTheModel() throws IOException {
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .from(MODEL)
            .positions(PositionEncoding.SINUSOIDAL)
            .build();
    TorchFile torch = TorchFile.of(CHECKPOINT).remove("position_embedding.weight");
    float[] sinusoids = PositionEncoding.sinusoids(3, 4);

    torch.put("pe", TorchFile.floats(Shape.of(1, 3, 4), FloatBuffer.wrap(sinusoids)));
    torch.writeNested(file);
    assertThat(PyTorchCheckpoint.read(file, model, VOCABULARY).parameters().shapes())
        .doesNotContainKey("pe");

    sinusoids[7] += 0.1f;
    torch.put("pe", TorchFile.floats(Shape.of(1, 3, 4), FloatBuffer.wrap(sinusoids)));
    torch.writeNested(file);
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> PyTorchCheckpoint.read(file, model, VOCABULARY))
        .withMessageContaining("at position 1, column 3");
  }

  @Test
  void aVocabularyOfAnotherSizeIsRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PyTorchCheckpoint.read(
                    file,
                    RecurrentDepthTransformer.builder().vocabularySize(9).build(),
                    VOCABULARY))
        .withMessageContaining("7 tokens")
        .withMessageContaining("9");
  }

  /** Base-class constructors among them: its table of names is global and anyone may extend it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "os system",
        "posix system",
        "builtins eval",
        "builtins getattr",
        "__builtin__ bytearray",
        "builtins ValueError",
        "builtins set",
        "exceptions Error",
        "array array",
        "datetime datetime",
        "decimal Decimal",
        "copy_reg _reconstructor",
        "operator attrgetter",
        "torch load",
        "torch.storage _load_from_bytes",
        "numpy.core.multiarray scalar",
      })
  void noOtherNameIsLetThrough(String name) throws IOException {
    String[] parts = name.split(" ", 2);
    Pickle pickle = new Pickle().global(parts[0], parts[1]).raw("(").text("touch x").raw("tR.");
    new TorchFile().write(file, pickle.bytes());

    assertRejected(parts[0] + "." + parts[1]);
  }

  @Test
  void nothingIsRunBeforeANameIsRejected() throws IOException {
    AtomicBoolean ran = new AtomicBoolean();
    Unpickler.registerConstructor(
        "recurrent.test",
        "attack",
        arguments -> {
          ran.set(true);
          return arguments;
        });
    List<Pickle> attacks =
        List.of(
            new Pickle().global("recurrent.test", "attack").raw(")R."),
            new Pickle().text("recurrent.test").text("attack").raw("\u0093)R."),
            new Pickle().raw("(irecurrent.test\nattack\n."),
            new Pickle().raw("(").global("recurrent.test", "attack").raw("o."),
            new Pickle().global("recurrent.test", "attack").raw(")\u0081."));

    for (Pickle attack : attacks) {
      new TorchFile().write(file, attack.bytes());
      assertRejected("data.pkl");
    }
    assertThat(ran).isFalse();
  }

  @ParameterizedTest
  @MethodSource
  void aHarmfulPickleIsRejected(byte[] pickle) throws IOException {
    new TorchFile().write(file, pickle);

    assertRejected("");
  }

  static Stream<byte[]> aHarmfulPickleIsRejected() {
    return Stream.of(
            // A text of 2 GiB in a few bytes.
            new Pickle().raw("X\u00ff\u00ff\u00ff\u007f."),
            new Pickle().raw("X\u00ff\u00ff\u00ff\u00ff."),
            // Bytes, long integers of any length, buffers.
            new Pickle().raw("B\u00ff\u00ff\u00ff\u007f."),
            new Pickle().raw("\u008b\u00ff\u00ff\u00ff\u007f."),
            new Pickle().raw("\u0097."),
            // A list as a key, which would be hashed through itself.
            new Pickle().raw("}]q\u0000h\u0000aNs."),
            // A persistent id that refers to itself.
            new Pickle().raw("]q\u0000h\u0000aQ."),
            // Attributes for something that is not a dict.
            new Pickle().raw("]}b."),
            new Pickle().raw("."),
            new Pickle().raw("K"),
            new Pickle().raw("K\u0001."),
            new Pickle().raw("}").text("model_state_dict").raw("K\u0001s."),
            new Pickle().raw("}").text("weight").raw("K\u0001s."))
        .map(Pickle::bytes);
  }

  @Test
  void whatIsNoZipFileIsRejected() throws IOException {
    Files.writeString(file, "weights");
    assertRejected("no complete zip file");
    Files.write(file, new byte[0]);
    assertRejected("no complete zip file");
  }

  @Test
  void aZipFileOfSomethingElseIsRejected() throws IOException {
    new TorchFile().entry("a/data.pkl", "").write(file, new byte[0]);

    assertRejected("must hold one data.pkl");
  }

  @Test
  void compressedStoragesAreRejected() throws IOException {
    TorchFile.of(CHECKPOINT).compressed().writeNested(file);

    assertRejected("data.pkl is compressed");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(this::read)
        .withMessageContaining("model.pt");
  }

  @Test
  void aTruncatedFileIsRejected() throws IOException {
    TorchFile.of(CHECKPOINT).writeNested(file);
    byte[] complete = Files.readAllBytes(file);
    for (int length = 0; length < complete.length; length += 41) {
      Files.write(file, Arrays.copyOf(complete, length));

      assertRejected("");
    }
  }

  @Test
  void aDamagedFileIsRejectedOrHarmless() throws IOException {
    TorchFile.of(CHECKPOINT).writeNested(file);
    byte[] complete = Files.readAllBytes(file);
    UniformRandomProvider random = RandomStream.of(Seed.of(21));
    int rejected = 0;
    for (int round = 0; round < 300; round++) {
      byte[] damaged = complete.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      rejected += isRejected(damaged) ? 1 : 0;
    }
    assertThat(rejected).isGreaterThan(150);
  }

  /** The end of a zip file says where its entries are; whatever it says, the file is named. */
  @Test
  void aDamagedListOfEntriesIsRejectedOrHarmless() throws IOException {
    TorchFile.of(CHECKPOINT).writeNested(file);
    byte[] complete = Files.readAllBytes(file);
    UniformRandomProvider random = RandomStream.of(Seed.of(23));
    int rejected = 0;
    for (int round = 0; round < 500; round++) {
      byte[] damaged =
          Arrays.copyOf(complete, complete.length - (round % 5 == 0 ? random.nextInt(60) : 0));
      for (int change = 0; change < 4; change++) {
        damaged[damaged.length - 1 - random.nextInt(2000)] = (byte) random.nextInt(256);
      }
      rejected += isRejected(damaged) ? 1 : 0;
    }
    assertThat(rejected).isGreaterThan(250);
  }

  /** Returns whether a file is refused by its name; otherwise it must be as good as undamaged. */
  private boolean isRejected(byte[] content) throws IOException {
    Files.write(file, content);
    try {
      assertThat(read().parameters()).isEqualTo(CHECKPOINT.parameters());
      return false;
    } catch (FileFormatException e) {
      assertThat(e).hasMessageContaining("model.pt");
      return true;
    }
  }

  @Test
  void aDamagedPickleIsRejectedOrHarmless() throws IOException {
    Path published = PyTorchFixture.copyTo(folder, "pytorch_nope");
    byte[] pickle;
    try (TorchArchive archive = TorchArchive.open(published)) {
      pickle = archive.pickle();
    }
    UniformRandomProvider random = RandomStream.of(Seed.of(22));
    int rejected = 0;
    for (int round = 0; round < 500; round++) {
      byte[] damaged = pickle.clone();
      for (int change = 0; change <= random.nextInt(3); change++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(new StateDictUnpickler(damaged).load()).isNotNull();
      } catch (PickleException e) {
        rejected++;
      }
    }
    assertThat(rejected).isGreaterThan(50);
  }

  private Checkpoint read() throws IOException {
    return PyTorchCheckpoint.read(file, MODEL, VOCABULARY);
  }

  private void assertRejected(String message) {
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(this::read)
        .withMessageContaining("model.pt")
        .withMessageContaining(message);
  }
}
