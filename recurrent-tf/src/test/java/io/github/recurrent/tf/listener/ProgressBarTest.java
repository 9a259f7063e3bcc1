package io.github.recurrent.tf.listener;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.TrainingListener;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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

  private Optional<String> leftAt(long step) {
    lines.stepped(new TrainingListener.Step(step, 2, 1, 2, 10, 0.5, 0.1, 2, 8));
    return lines.left();
  }
}
