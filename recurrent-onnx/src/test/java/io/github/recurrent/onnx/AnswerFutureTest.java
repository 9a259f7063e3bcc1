package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class AnswerFutureTest {
  static Stream<Predicate<CompletableFuture<Answer>>> ends() {
    Answer answer =
        Answer.of(
            Vocabulary.ofTokens(List.of("<e_0>", "<r_0>")),
            Distribution.ofLogits(new float[] {0, 1, 2}),
            2,
            Halting.kl(0.1));
    return Stream.of(
        future -> future.complete(answer),
        future -> future.completeExceptionally(new IllegalStateException()),
        future -> future.cancel(true));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void whatIsToRunFirstHasRunBeforeWhatDependsOnTheAnswer(
      Predicate<CompletableFuture<Answer>> end) {
    List<String> order = new ArrayList<>();
    CompletableFuture<Answer> future = new AnswerFuture(() -> order.add("completes"));
    CompletableFuture<?> unused = future.whenComplete((answer, problem) -> order.add("depends"));

    boolean ended = end.test(future);

    assertThat(ended).isTrue();
    assertThat(order).containsExactly("completes", "depends");
  }

  @ParameterizedTest
  @MethodSource("ends")
  void onlyTheFirstEndCounts(Predicate<CompletableFuture<Answer>> end) {
    CompletableFuture<Answer> future = new AnswerFuture(() -> {});
    future.obtrudeException(new IllegalArgumentException());

    assertThat(end.test(future)).isFalse();
  }
}
