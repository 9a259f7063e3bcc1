package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training writes about itself, and what is read from it. */
class TrainingRecordsTest {
  private static final String STARTED =
      "{'event':'started','time':0.5,'configuration':{'seed':'7','data':'graph'}}";

  @TempDir Path folder;

  private static String evaluated(double time, int step, int epoch, double accuracy) {
    return String.format(
        Locale.ROOT,
        "{'event':'evaluated','time':%s,'step':%s,'stage':2,'epoch':%s,'iterations':4,"
            + "'accuracy':{'test_inferred_ood':%s,'train_inferred':0.9}}",
        time,
        step,
        epoch,
        accuracy);
  }

  private static String passed(int time, int step, int stage) {
    return String.format(
        Locale.ROOT,
        "{'event':'stage_passed','time':%s,'step':%s,'stage':%s,'epoch':1,'iterations':4,"
            + "'accuracy':{'%shop_test':0.96}}",
        time,
        step,
        stage,
        stage);
  }

  private Path file(String... lines) throws IOException {
    Path file = folder.resolve("run.jsonl");
    Files.writeString(file, String.join("\n", lines).replace('\'', '"') + "\n");
    return file;
  }

  @Test
  void learningIsReadFromJsonLines() throws IOException {
    LearningRecord record =
        LearningRecord.readJsonLines(
            file(
                STARTED,
                "{'event':'steps','time':1,'step':50,'loss':'NaN'}",
                evaluated(2, 50, 1, 0.1),
                evaluated(3.5, 100, 2, 0.6),
                "{'event':'finished','time':4,'step':100,'seconds':4}"));

    assertThat(record.types()).containsExactly("test_inferred_ood", "train_inferred");
    assertThat(record.reached("test_inferred_ood", 0.5))
        .hasValue(
            new LearningRecord.Evaluation(
                100, 2, 3.5, ImmutableMap.of("test_inferred_ood", 0.6, "train_inferred", 0.9)));
    assertThat(record.reached("test_inferred_ood", 0.7)).isEmpty();
    assertThat(record.setup().provenance()).containsEntry("seed", "7");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> record.reached("other", 0.7))
        .withMessageContaining("\"other\"")
        .withMessageContaining("train_inferred");
  }

  @Test
  void aResumedTrainingGoesOnInTimeAndCountsEachStepOnce() throws IOException {
    LearningRecord record =
        LearningRecord.readJsonLines(
            file(
                STARTED,
                evaluated(2, 50, 1, 0.1),
                evaluated(3.5, 100, 2, 0.2),
                STARTED,
                evaluated(1, 100, 2, 0.3),
                evaluated(2, 150, 3, 0.4)));

    assertThat(record.evaluations())
        .extracting(LearningRecord.Evaluation::step)
        .containsExactly(50L, 100L, 150L);
    assertThat(record.evaluations())
        .extracting(LearningRecord.Evaluation::seconds)
        .containsExactly(2.0, 4.5, 5.5);
    assertThat(record.evaluations().get(1).accuracies()).containsEntry("test_inferred_ood", 0.3);
  }

  @Test
  void halfALineAtTheEndIsLeftOut() throws IOException {
    Path file = file(STARTED, evaluated(2, 50, 1, 0.1), "{'event':'evalu");

    assertThat(LearningRecord.readJsonLines(file).evaluations()).hasSize(1);
  }

  @Test
  void aCharacterThatIsCutOffAtTheEndIsLeftOut() throws IOException {
    Path file = file(STARTED, evaluated(2, 50, 1, 0.1), "{'event':'Zoë");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 2));

    assertThat(LearningRecord.readJsonLines(file).evaluations()).hasSize(1);
  }

  @Test
  void aByteOrderMarkAndBlankLinesAreLeftOut() throws IOException {
    Path file = file("\ufeff" + STARTED, "", evaluated(2, 50, 1, 0.1), "  ");

    assertThat(LearningRecord.readJsonLines(file).evaluations()).hasSize(1);
  }

  @Test
  void aLineThatIsNotUtf8IsNamed() throws IOException {
    Path file = file(STARTED, "{'event':'Zoë','time':1}", evaluated(2, 50, 1, 0.1));
    Files.write(file, Files.readString(file).getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> LearningRecord.readJsonLines(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("run.jsonl, line 2: is not UTF-8");
  }

  @Test
  void aLineFarLongerThanAnEventIsRefusedUnread() throws IOException {
    Path file = file(STARTED, "[" + "{},".repeat(1 << 20) + "{}]", STARTED);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> LearningRecord.readJsonLines(file))
        .withMessageContaining("line 2")
        .withMessageContaining("3145732 characters");
  }

  @Test
  void aBadLineIsNamed() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LearningRecord.readJsonLines(file(STARTED, "nonsense", STARTED)))
        .withMessageContaining("line 2")
        .withMessageContaining("run.jsonl");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> LearningRecord.readJsonLines(file(STARTED, "{'event':'evaluated','time':1}")))
        .withMessageContaining("line 2")
        .withMessageContaining("step");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LearningRecord.readJsonLines(file(STARTED)))
        .withMessageContaining("no evaluation");
  }

  @Test
  void curriculumStepsAreReadFromJsonLines() throws IOException {
    CurriculumSteps steps =
        CurriculumSteps.readJsonLines(
            file(
                STARTED,
                passed(10, 200, 2),
                passed(30, 500, 3),
                STARTED,
                passed(5, 550, 3),
                passed(6, 600, 4)));

    assertThat(steps.stages())
        .containsExactly(
            new CurriculumSteps.Stage(2, 200, 200, 10),
            new CurriculumSteps.Stage(3, 550, 350, 35),
            new CurriculumSteps.Stage(4, 600, 50, 36));
    assertThat(steps.learnableDepth()).isEqualTo(4);
    assertThat(steps.steps(3)).isEqualTo(550);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> steps.steps(5))
        .withMessageContaining("5 hops were not learned")
        .withMessageContaining("[2, 3, 4]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CurriculumSteps.readJsonLines(file(STARTED)))
        .withMessageContaining("no stage");
  }

  @Test
  void curriculumStepsAreReadFromCheckpoints() throws IOException {
    checkpoint("10", "900");
    checkpoint("2", "200");
    checkpoint("3", "500");
    Files.createDirectories(folder.resolve("latest"));

    CurriculumSteps steps = CurriculumSteps.readCheckpoints(folder);

    assertThat(steps.stages())
        .extracting(CurriculumSteps.Stage::hops, CurriculumSteps.Stage::steps)
        .containsExactly(tuple(2, 200L), tuple(3, 500L), tuple(10, 900L));
    assertThat(steps.stages().get(2).stageSteps()).isEqualTo(400);
    assertThat(steps.stages().get(0).seconds()).isNaN();
    assertThat(steps.setup().provenance()).containsEntry("steps", "900");
  }

  @Test
  void checkpointsThatTellNoStepsAreRefused() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CurriculumSteps.readCheckpoints(folder))
        .withMessageContaining("no stage");
    assertThatThrownBy(() -> CurriculumSteps.readCheckpoints(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
    checkpoint("2", "many");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CurriculumSteps.readCheckpoints(folder))
        .withMessageContaining("stage_2")
        .withMessageContaining("many");
  }

  @Test
  void theExperimentsRecordsAreReadToo() {
    LearningRecord record =
        Report.ofJson(
            """
            {"model": "L = 1, R = 4", "seed": 42, "provenance": {"seed": "42"},
             "evaluations": [{"step": 50, "id_atomic": 0.25, "test_inferred_ood": 0.5}]}
            """,
            LearningRecord.class);

    assertThat(record.evaluations("test_inferred_ood"))
        .containsExactly(
            new LearningRecord.Evaluation(
                50, 0, Double.NaN, ImmutableMap.of("id_atomic", 0.25, "test_inferred_ood", 0.5)));
    assertThat(record.setup().provenance()).containsEntry("seed", "42");
  }

  @Test
  void seedsHaveBandsOfTheirLearning() {
    Bands bands = Bands.of(ImmutableList.of(Reports.learning(0.2), Reports.learning(0.4)));

    Bands ood = bands.where("type", "test_inferred_ood");
    assertThat(ood.numbers("step")).containsExactly(50, 100);
    assertThat(ood.means("accuracy")[1]).isCloseTo(0.3, within(1e-12));
  }

  private void checkpoint(String stage, String steps) throws IOException {
    Vocabulary vocabulary =
        Vocabulary.ofTokens(ImmutableList.of("<e_0>", "<e_1>", "<r_0>", "<a>", "</a>"));
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .vocabulary(vocabulary)
            .width(4)
            .layers(1)
            .heads(2)
            .build();
    Checkpoint.builder()
        .model(model)
        .vocabulary(vocabulary)
        .parameters(Parameters.initialize(model, Seed.of(1)))
        .provenance(ImmutableMap.of("steps", steps))
        .build()
        .write(folder.resolve("stage_" + stage));
  }
}
