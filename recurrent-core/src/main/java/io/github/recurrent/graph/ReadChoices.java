package io.github.recurrent.graph;

import java.util.Optional;
import java.util.function.Consumer;
import org.immutables.value.Value;

/** How files of triples are read; what is absent was not chosen. */
@Value.Immutable
@Value.Style(visibilityString = "PACKAGE")
abstract class ReadChoices {
  abstract Optional<Boolean> header();

  abstract Optional<Character> comments();

  abstract Optional<Character> separator();

  @Value.Default
  ColumnOrder columns() {
    return ColumnOrder.HEAD_RELATION_TAIL;
  }

  abstract Optional<RecordChecks> checks();

  @Value.Default
  Ambiguity ambiguity() {
    return Ambiguity.keepAll();
  }

  abstract Optional<Consumer<ReadProgress>> progress();

  @Value.Default
  boolean keepLiterals() {
    return false;
  }

  @Value.Default
  boolean localNames() {
    return false;
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
