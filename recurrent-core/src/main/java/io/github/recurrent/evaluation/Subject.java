package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.internal.version.LibraryVersion;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Reasoner;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;

/** Which model is evaluated on which facts, and who follows its progress. Immutable. */
record Subject(
    Reasoner reasoner,
    Split facts,
    OptionalInt factsPerType,
    OptionalLong sampleSeed,
    Report.Progress progress,
    ImmutableMap<String, String> provenance) {

  static Subject of(Reasoner reasoner, Split facts) {
    return new Subject(
        reasoner,
        facts,
        OptionalInt.empty(),
        OptionalLong.empty(),
        (what, done, total) -> {},
        reasoner.provenance());
  }

  Subject types(Predicate<String> wanted) {
    Map<String, Facts> chosen = Maps.filterKeys(facts.byType(), wanted::test);
    checkArgument(
        !chosen.isEmpty(),
        "no type of facts is wanted of those there are, %s",
        facts.byType().keySet());
    return with(Split.of(chosen), factsPerType, sampleSeed);
  }

  Subject sample(int most, long seed) {
    return with(
        facts.sample(most, Seed.of(seed).child("evaluation")),
        OptionalInt.of(most),
        OptionalLong.of(seed));
  }

  private Subject with(Split chosen, OptionalInt most, OptionalLong seed) {
    return new Subject(reasoner, chosen, most, seed, progress, provenance);
  }

  Subject progress(Report.Progress listener) {
    return new Subject(reasoner, facts, factsPerType, sampleSeed, listener, provenance);
  }

  Subject provenance(Map<String, String> model) {
    return new Subject(
        reasoner, facts, factsPerType, sampleSeed, progress, ImmutableMap.copyOf(model));
  }

  Setup setup(Map<String, String> settings) {
    return new Setup(
        Optional.of(reasoner.model()),
        description(),
        factsPerType,
        sampleSeed,
        ImmutableMap.copyOf(settings),
        LibraryVersion.name(),
        provenance);
  }

  private String description() {
    return String.format(
        Locale.ROOT,
        "%d facts of %d types, %s",
        size(),
        facts.byType().size(),
        facts.byType().keySet());
  }

  /** Returns the number of facts of all types. */
  long size() {
    return facts.byType().values().stream().mapToLong(Facts::size).sum();
  }

  /** Begins to count facts. */
  Counter counter() {
    return new Counter();
  }

  /** Counts facts that have been run, and tells the listener. Not thread-safe. */
  final class Counter {
    private final long total = size();
    private long done;

    private Counter() {}

    /**
     * @throws CancellationException if this thread is interrupted, which it then still is
     */
    void add(String type, int rows) {
      done += rows;
      progress.advanced(type, done, total);
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException(
            "the evaluation was interrupted after " + done + " of " + total + " facts");
      }
    }
  }
}
