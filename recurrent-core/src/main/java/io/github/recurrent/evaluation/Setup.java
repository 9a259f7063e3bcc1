package io.github.recurrent.evaluation;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.internal.version.LibraryVersion;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What made the figures of a report: which model was evaluated on which facts, how, and where the
 * model came from. Immutable and thread-safe.
 *
 * @param model the specification of the model, if there was one and it is known
 * @param data what facts or records were evaluated, in words; empty if that is not known
 * @param factsPerType how many facts of each type were drawn at most, unless all were taken
 * @param sampleSeed the seed the facts were drawn with, unless all were taken
 * @param settings the settings of the evaluation, such as its iterations, by name
 * @param library the library that evaluated, with its version; empty if that is not known
 * @param provenance how the model was made: data, configuration, seed, library version, by name; of
 *     the training where no model was evaluated
 */
public record Setup(
    Optional<RecurrentDepthTransformer> model,
    String data,
    OptionalInt factsPerType,
    OptionalLong sampleSeed,
    ImmutableMap<String, String> settings,
    String library,
    ImmutableMap<String, String> provenance) {
  /** Returns what is known of figures that came without one: nothing. */
  static Setup unknown() {
    return of("", "", ImmutableMap.of());
  }

  /** Returns that of the records of a training. */
  static Setup ofTraining(String data, ImmutableMap<String, String> provenance) {
    return of(data, LibraryVersion.name(), provenance);
  }

  private static Setup of(String data, String library, ImmutableMap<String, String> provenance) {
    return new Setup(
        Optional.empty(),
        data,
        OptionalInt.empty(),
        OptionalLong.empty(),
        ImmutableMap.of(),
        library,
        provenance);
  }
}
