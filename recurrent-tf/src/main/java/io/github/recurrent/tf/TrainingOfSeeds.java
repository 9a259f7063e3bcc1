package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Sets;
import io.github.recurrent.checkpoint.Checkpoint;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Trains once for each seed, each time with listeners of its own. */
final class TrainingOfSeeds {
  private TrainingOfSeeds() {}

  /** Trains with a seed. */
  interface Training {
    Checkpoint train(long seed, ImmutableList<TrainingListener> listeners) throws IOException;
  }

  /**
   * @param listeners makes the listeners of each training, before the first one
   */
  static Trainer.SeededTrainings run(
      List<TrainingListener.OfSeed> listeners, Training training, long... seeds)
      throws IOException {
    checkArgument(seeds.length > 0, "several seeds are needed, but there is none");
    ImmutableMap<Long, ImmutableList<TrainingListener>> listenersOfSeeds =
        listenersOf(seeds, listeners);
    ImmutableMap.Builder<Long, Checkpoint> checkpoints = ImmutableMap.builder();
    ImmutableMap.Builder<Long, EvaluationRecord> records = ImmutableMap.builder();
    for (long seed : seeds) {
      EvaluationRecord record = EvaluationRecord.create();
      checkpoints.put(
          seed,
          training.train(
              seed,
              ImmutableList.<TrainingListener>builder()
                  .addAll(Objects.requireNonNull(listenersOfSeeds.get(seed)))
                  .add(record)
                  .build()));
      records.put(seed, record);
    }
    return new Trainer.SeededTrainings(checkpoints.buildOrThrow(), records.buildOrThrow());
  }

  private static ImmutableMap<Long, ImmutableList<TrainingListener>> listenersOf(
      long[] seeds, List<TrainingListener.OfSeed> listeners) throws IOException {
    Set<TrainingListener> known = Sets.newIdentityHashSet();
    ImmutableMap.Builder<Long, ImmutableList<TrainingListener>> all = ImmutableMap.builder();
    for (long seed : seeds) {
      ImmutableList.Builder<TrainingListener> ofSeed = ImmutableList.builder();
      for (TrainingListener.OfSeed maker : listeners) {
        TrainingListener listener = maker.listener(seed);
        checkArgument(
            known.add(listener),
            "the listener of seed %s, %s, is one of another training too and would take both for"
                + " one; make a new one for each seed",
            seed,
            listener.getClass().getName());
        ofSeed.add(listener);
      }
      all.put(seed, ofSeed.build());
    }
    return all.buildOrThrow();
  }
}
