package io.github.recurrent.examples.service.answer;

import static java.util.Comparator.comparingDouble;
import static java.util.Comparator.naturalOrder;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.examples.service.request.Output;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The answers to the queries of a request, from which its outputs are made. Thread-safe. */
public final class Answered {
  private final Vocabulary vocabulary;
  private final ImmutableList<Answer> answers;
  private final ImmutableList<Trajectory> trajectories;
  private final int columnsOfTop;

  /**
   * Takes answers.
   *
   * @param trajectories of each query; none if no output needs them
   * @param topK how many of the most probable tokens are given
   */
  Answered(
      Vocabulary vocabulary,
      ImmutableList<Answer> answers,
      ImmutableList<Trajectory> trajectories,
      int topK) {
    this.vocabulary = vocabulary;
    this.answers = answers;
    this.trajectories = trajectories;
    columnsOfTop = Math.min(topK, vocabulary.size());
  }

  /** Returns the most probable tokens, best first, the least id first among equals. */
  private List<Integer> top(Distribution distribution) {
    Comparator<Integer> bestFirst =
        comparingDouble((Integer id) -> -distribution.logProbability(id))
            .thenComparing(naturalOrder());
    PriorityQueue<Integer> worstFirst = new PriorityQueue<>(bestFirst.reversed());
    // Few of a large vocabulary come into the queue.
    for (int id = 0; id < distribution.size(); id++) {
      if (worstFirst.size() < columnsOfTop) {
        worstFirst.add(id);
      } else if (distribution.logProbability(id)
          > distribution.logProbability(worstFirst.element())) {
        worstFirst.remove();
        worstFirst.add(id);
      }
    }
    return worstFirst.stream().sorted(bestFirst).toList();
  }

  /** Returns the sizes of an output: the queries, then the values of each. */
  public ImmutableList<Long> shape(Output output) {
    long rows = answers.size();
    return output.hasColumns()
        ? ImmutableList.of(rows, (long) columns(output))
        : ImmutableList.of(rows);
  }

  private int columns(Output output) {
    if (output.isOfTop()) {
      return columnsOfTop;
    }
    return output.isOfTrajectory()
        ? answers.stream().mapToInt(Answer::iterations).max().orElse(0)
        : vocabulary.size();
  }

  /** Writes the values of an output. */
  public void write(Output output, TensorSink sink) {
    for (int row = 0; row < answers.size(); row++) {
      write(output, row, sink);
    }
  }

  private void write(Output output, int row, TensorSink sink) {
    Answer answer = answers.get(row);
    Distribution distribution = answer.distribution();
    switch (output) {
      case ANSWER -> sink.text(answer.token());
      case PROBABILITY -> sink.real((float) answer.probability());
      case ITERATIONS -> sink.whole(answer.iterations());
      case CAUSE -> sink.text(Output.cause(answer));
      case TOP_TOKENS -> top(distribution).forEach(id -> sink.text(vocabulary.token(id)));
      case TOP_PROBABILITIES ->
          top(distribution).forEach(id -> sink.real((float) distribution.probability(id)));
      case LOG_PROBABILITIES -> {
        for (int id = 0; id < distribution.size(); id++) {
          // JSON has no infinity, which is the logarithm of a token that cannot be the answer.
          sink.real(Math.max((float) distribution.logProbability(id), -Float.MAX_VALUE));
        }
      }
      case TRAJECTORY_ANSWER, TRAJECTORY_PROBABILITY -> {
        int most = columns(output);
        for (int iteration = 1; iteration <= most; iteration++) {
          Trajectory.Step step = trajectories.get(row).after(iteration, answer);
          if (output == Output.TRAJECTORY_ANSWER) {
            sink.text(step.token());
          } else {
            sink.real(step.probability());
          }
        }
      }
    }
  }
}
