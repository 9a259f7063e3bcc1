package io.github.recurrent.internal.triples;

import java.util.Optional;
import org.immutables.value.Value;

/**
 * How a file holds its triples, and who is told how much is read; what is absent was not chosen.
 */
@Value.Immutable
public abstract class TripleChoices {
  /** Returns the choices of who has none. */
  public static ImmutableTripleChoices none() {
    return ImmutableTripleChoices.builder().build();
  }

  /** Returns whether the first line is a header. */
  public abstract Optional<Boolean> header();

  /** Returns what comments begin with. */
  public abstract Optional<Character> comments();

  /** Returns what is between names, instead of what the file's name says. */
  public abstract Optional<Character> separator();

  /** Returns where names are, unless a header says so. */
  @Value.Default
  public TripleColumns columns() {
    return TripleColumns.IN_ORDER;
  }

  /** Returns who is told how much is read. */
  public abstract Optional<TripleSource.Listener> progress();

  /** Returns whether literals of RDF are names. */
  @Value.Default
  public boolean keepLiterals() {
    return false;
  }

  /** Returns whether names of RDF are the local names of IRIs. */
  @Value.Default
  public boolean localNames() {
    return false;
  }
}
