package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Comparator.comparingDouble;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.internal.text.TokenNames;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The answer to a query: the distribution at the iteration at which it halted. Immutable and
 * thread-safe.
 */
public final class Answer {
  private final Vocabulary vocabulary;
  private final Distribution distribution;
  private final int iterations;
  private final Cause cause;

  private Answer(Vocabulary vocabulary, Distribution distribution, int iterations, Cause cause) {
    this.vocabulary = vocabulary;
    this.distribution = distribution;
    this.iterations = iterations;
    this.cause = cause;
  }

  /** Why a row halted. */
  public enum Cause {
    /** The thresholds or the rule of its halting held. */
    SETTLED,
    /** It had the greatest number of iterations, whether or not it had converged. */
    LIMIT,
    /** Its time was up; the answer is the best so far. */
    DEADLINE
  }

  /**
   * Returns the answer with the given distribution over a vocabulary.
   *
   * @param iterations the number of iterations after which it halted
   * @param halting under what it halted
   * @throws IllegalArgumentException if the sizes differ, {@code iterations < 1}, or there are more
   *     than the halting allows
   */
  public static Answer of(
      Vocabulary vocabulary, Distribution distribution, int iterations, Halting halting) {
    checkArgument(
        iterations <= halting.atMost(),
        "iterations must be at most %s, but are %s",
        halting.atMost(),
        iterations);
    return of(
        vocabulary,
        distribution,
        iterations,
        iterations == halting.atMost() ? Cause.LIMIT : Cause.SETTLED);
  }

  /**
   * Returns the answer with the given distribution over a vocabulary.
   *
   * @param iterations the number of iterations after which it halted
   * @param cause why it halted there
   * @throws IllegalArgumentException if the sizes differ or {@code iterations < 1}
   */
  public static Answer of(
      Vocabulary vocabulary, Distribution distribution, int iterations, Cause cause) {
    checkArgument(
        vocabulary.size() == distribution.size(),
        "a distribution over %s tokens for a vocabulary of %s",
        distribution.size(),
        vocabulary.size());
    checkArgument(iterations >= 1, "iterations must be at least 1, but are %s", iterations);
    return new Answer(vocabulary, distribution, iterations, cause);
  }

  /**
   * Returns this answer with the distribution among the entities alone; its iterations are those of
   * the whole distribution, unless it halted under {@link Halting#amongEntities()}.
   */
  public Answer amongEntities() {
    return new Answer(
        vocabulary, distribution.restrictedTo(vocabulary::isEntity), iterations, cause);
  }

  /** Returns the most probable token. */
  public String token() {
    return vocabulary.token(tokenId());
  }

  /**
   * Returns the name of the most probable entity, as it is in the graph. It is the one of {@link
   * #token()}, unless the model holds a token that is not an entity more probable: then {@link
   * #probability()} is not this entity's, but that of {@link #amongEntities()} is.
   */
  public String entity() {
    int best = -1;
    for (int id = 0; id < distribution.size(); id++) {
      if (vocabulary.isEntity(id)
          && (best < 0 || distribution.logProbability(id) > distribution.logProbability(best))) {
        best = id;
      }
    }
    return Vocabulary.name(vocabulary.token(best));
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

  /** Returns why the query halted. */
  public Cause cause() {
    return cause;
  }

  /** Returns how unsure the answer is: the entropy of its distribution, in nats. */
  public double entropy() {
    return distribution.entropy();
  }

  /** Returns the distribution over the vocabulary. */
  public Distribution distribution() {
    return distribution;
  }

  /**
   * Returns the most probable tokens, best first; {@link Candidate#name} tells the name of each.
   * Those of {@link #amongEntities()} are entities.
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
  public record Candidate(String token, double probability) {
    /**
     * Returns the name of the entity or relation, as it is in the graph; of another token the token
     * itself.
     */
    public String name() {
      return TokenNames.isEntity(token) || TokenNames.isRelation(token)
          ? TokenNames.name(token)
          : token;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Answer that
        && iterations == that.iterations
        && cause == that.cause
        && distribution.equals(that.distribution)
        && vocabulary.equals(that.vocabulary);
  }

  @Override
  public int hashCode() {
    return Objects.hash(iterations, cause, distribution);
  }

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
