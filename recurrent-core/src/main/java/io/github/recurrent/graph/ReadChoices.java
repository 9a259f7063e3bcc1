package io.github.recurrent.graph;

import io.github.recurrent.internal.triples.TripleChoices;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * How files of triples are read and which of their facts are kept; what is absent was not chosen.
 */
@Value.Immutable
@Value.Style(visibilityString = "PACKAGE")
abstract class ReadChoices {
  @Value.Default
  TripleChoices triples() {
    return TripleChoices.none();
  }

  abstract Optional<RecordChecks> checks();

  @Value.Default
  Ambiguity ambiguity() {
    return Ambiguity.keepAll();
  }

  final boolean refusesAmbiguity() {
    return ambiguity().refuses()
        || checks().map(RecordChecks::contradictory).orElse(RecordChecks.Policy.COUNT)
            == RecordChecks.Policy.REFUSE;
  }

  final boolean refusesRepeated() {
    return checks().map(RecordChecks::repeated).orElse(RecordChecks.Policy.COUNT)
        == RecordChecks.Policy.REFUSE;
  }
}
