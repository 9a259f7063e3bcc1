package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Comparator.comparingDouble;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Vocabulary;
import java.util.Locale;
import java.util.stream.IntStream;

/** The answer to a query: the distribution at the iteration at which it halted. Immutable. */
public final class Answer {
  private final Vocabulary vocabulary;
  private final Distribution distribution;
  private final int iterations;

  private Answer(Vocabulary vocabulary, Distribution distribution, int iterations) {
    this.vocabulary = vocabulary;
    this.distribution = distribution;
    this.iterations = iterations;
  }

  /**
   * Returns the answer with the given distribution over a vocabulary.
   *
   * @throws IllegalArgumentException if their sizes differ or {@code iterations < 1}
   */
  public static Answer of(Vocabulary vocabulary, Distribution distribution, int iterations) {
    checkArgument(
        vocabulary.size() == distribution.size(),
        "a distribution over %s tokens for a vocabulary of %s",
        distribution.size(),
        vocabulary.size());
    checkArgument(iterations >= 1, "iterations must be at least 1, but are %s", iterations);
    return new Answer(vocabulary, distribution, iterations);
  }

  /** Returns the most probable token. */
  public String token() {
    return vocabulary.token(tokenId());
  }

  /** Returns the id of the most probable token. */
  public int tokenId() {
    return distribution.mostProbable();
  }

  /** Returns the probability of {@link #token()}, in [0, 1]. */
  public double probability() {
    return distribution.probability(tokenId());
  }

  /** Returns the number of iterations the query ran. */
  public int iterations() {
    return iterations;
  }

  /** Returns the distribution over the vocabulary. */
  public Distribution distribution() {
    return distribution;
  }

  /**
   * Returns the most probable tokens, best first.
   *
   * @throws IllegalArgumentException if {@code count < 1}
   */
  public ImmutableList<Candidate> top(int count) {
    checkArgument(count >= 1, "count must be at least 1, but is %s", count);
    return IntStream.range(0, distribution.size())
        .boxed()
        .sorted(comparingDouble(id -> -distribution.logProbability(id)))
        .limit(count)
        .map(id -> new Candidate(vocabulary.token(id), distribution.probability(id)))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * A token that may be the answer.
   *
   * @param token the token
   * @param probability its probability, in [0, 1]
   */
  public record Candidate(String token, double probability) {}

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s (%.3f) after %d iteration%s",
        token(),
        probability(),
        iterations,
        iterations == 1 ? "" : "s");
  }
}
