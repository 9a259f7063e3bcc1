package io.github.recurrent.tf.listener;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.TrainingListener;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressBarTest {
  private final ProgressBar lines =
      ProgressBar.lines(new PrintStream(new ByteArrayOutputStream(), true, UTF_8));

  @Test
  void theLastUpdateOfAStageIsShownOnceHalfOfItsUpdatesAreMade() {
    lines.started(ImmutableMap.of("schedule", Curriculum.byHops().toString()));
    lines.stageStarted(2, 10);
    lines.bounded(20, 50);
    assertThat(leftAt(15)).isEmpty();
    assertThat(leftAt(16)).hasValueSatisfying(left -> assertThat(left).contains("of the stage"));
    lines.cooldownStarted(20);
    lines.bounded(25, 25);
    assertThat(leftAt(21)).hasValueSatisfying(left -> assertThat(left).doesNotContain("at most"));
  }

  /** Also where the training was resumed in the middle of it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void theBarOfTheCooldownGoesOnWithTheAccuracyOfNow(int firstStep) {
    ByteArrayOutputStream console = new ByteArrayOutputStream();
    ProgressBar bar = new ProgressBar(new PrintStream(console, true, UTF_8), true, "");
    bar.cooldownStarted(100);
    bar.stepped(cooling(firstStep));
    bar.evaluated(
        new TrainingListener.Evaluation(
            101, 2, 1, 4, ImmutableMap.of("2hop_test", 0.75, "atomic_facts", 1.0)));
    Pattern shown = Pattern.compile("cooldown.*2hop_test 0.750");
    // The bar is drawn now and then, by a thread of its own, if it has moved.
    assertTimeoutPreemptively(
        Duration.ofMinutes(1),
        () -> {
          for (int step = firstStep + 1; !shown.matcher(console.toString(UTF_8)).find(); step++) {
            bar.stepped(cooling(step));
            Thread.sleep(50);
          }
        });
    bar.finished(102, Duration.ofSeconds(1), true);
  }

  private static TrainingListener.Step cooling(int step) {
    return new TrainingListener.Step(100 + step, 3, 1, step, 5000, 0.5, 0.1, 2, 8);
  }

  private Optional<String> leftAt(long step) {
    lines.stepped(new TrainingListener.Step(step, 2, 1, 2, 10, 0.5, 0.1, 2, 8));
    return lines.left();
  }
}
