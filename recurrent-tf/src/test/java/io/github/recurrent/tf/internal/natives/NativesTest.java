package io.github.recurrent.tf.internal.natives;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.Trainer;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class NativesTest {
  @Test
  @EnabledOnOs(OS.LINUX)
  void theNativesAreSilentAndOneLineSaysWhatIsComputedWith() throws Exception {
    String errors = train();

    assertThat(errors)
        .doesNotContain("oneDNN")
        .doesNotContain("cpu_feature_guard")
        .doesNotContain("absl")
        .doesNotContain("MLIR");
    assertThat(errors.lines().filter(line -> line.contains("Training on the CPU")))
        .hasSize(1)
        .allSatisfy(line -> assertThat(line).contains(" in fp32 with 1 thread"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theirLinesAreShownOnRequest() throws Exception {
    assertThat(train("-D" + Natives.LOG_PROPERTY + "=info"))
        .contains("oneDNN")
        .contains("cpu_feature_guard")
        .contains("MLIR");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void standardErrorKeepsAllLinesButTheUnwanted() throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, UTF_8));
    try {
      StandardError.filter(
          () -> {
            try {
              // Closing it would close the process's.
              new FileOutputStream(FileDescriptor.err).write("kept é\nunwanted\n".getBytes(UTF_8));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          },
          line -> !line.contains("unwanted"));
    } finally {
      System.setErr(before);
    }

    assertThat(said.toString(UTF_8)).isEqualTo("kept é\n");
  }

  @Test
  void propertiesOfOtherValuesAreRefused() {
    assertThat(Natives.logLevel("Warning")).isEqualTo("1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Natives.logLevel("loud"))
        .withMessageContaining("recurrent.tensorflow.log")
        .withMessageContaining("[info, warning, error]")
        .withMessageContaining("\"loud\"");
    assertThat(Natives.tf32("False")).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Natives.tf32("off"))
        .withMessageContaining("recurrent.tensorflow.tf32")
        .withMessageContaining("\"off\"");
  }

  /** Trains twice in a virtual machine of its own, and returns what it says on standard error. */
  @Test
  void everyAttemptNamesTheFoldersThatCannotBeWrittenTo(@TempDir Path parent) throws Exception {
    // A folder within a file can be written by nobody, not even by root.
    Path nowhere = Files.writeString(parent.resolve("file"), "").resolve("folder");

    String errors =
        errors(LoadTwice.class, "-Duser.home=" + nowhere, "-Djava.io.tmpdir=" + nowhere);

    assertThat(errors.lines().filter(line -> line.startsWith("TensorFlow")))
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("[" + nowhere + ", " + nowhere + "]")
                    .contains("-Dorg.bytedeco.javacpp.cachedir=FOLDER"));
  }

  /** Tries to load the natives, twice. */
  static final class LoadTwice {
    private LoadTwice() {}

    public static void main(String[] arguments) {
      for (int attempt = 0; attempt < 2; attempt++) {
        try {
          Natives.load();
        } catch (UnsatisfiedLinkError e) {
          System.err.println(e.getMessage());
        }
      }
    }
  }

  private static String train(String... options) throws Exception {
    return errors(NativesTest.class, options);
  }

  private static String errors(Class<?> program, String... options) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            ImmutableList.<String>builder()
                .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .add(options)
                .add("-cp", System.getProperty("java.class.path"))
                .add(program.getName())
                .build());
    builder.environment().keySet().removeAll(List.of("TF_CPP_MIN_LOG_LEVEL"));
    // Makes the natives say what they say on processors with more instructions.
    builder.environment().put("TF_ENABLE_ONEDNN_OPTS", "1");
    Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(errors).isZero();
    return errors;
  }

  /** Trains two small models. */
  public static void main(String[] arguments) throws IOException {
    MultiHopDataset data =
        MultiHopDataset.from(KnowledgeGraph.builder().entities(6).relations(3).seed(1).build())
            .hops(2, 2)
            .trainPerHop(30)
            .testPerHop(10)
            .build();
    Trainer trainer =
        Trainer.of(
                RecurrentDepthTransformer.builder()
                    .vocabulary(data.vocabulary())
                    .width(8)
                    .layers(1)
                    .heads(2)
                    .recurrence(Recurrence.fixed(1))
                    .build())
            .threads(1)
            .curriculum(Curriculum.byHops().stepsPerEpoch(2).epochsPerStage(1));
    trainer.train(data);
    trainer.seed(7).train(data);
  }
}
