package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Sets;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.evaluation.Bands.Spread;
import io.github.recurrent.tf.TrainingListener.Evaluation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Trainings that differ in their seeds alone. Immutable and thread-safe. */
public final class SeededTrainings {
  private final ImmutableMap<Long, Checkpoint> checkpoints;
  private final ImmutableMap<Long, EvaluationRecord> records;

  private SeededTrainings(
      ImmutableMap<Long, Checkpoint> checkpoints, ImmutableMap<Long, EvaluationRecord> records) {
    this.checkpoints = checkpoints;
    this.records = records;
  }

  /** Trains with a seed. */
  interface Training {
    Checkpoint train(long seed, ImmutableList<TrainingListener> listeners) throws IOException;
  }

  /**
   * @param listeners makes the listeners of each training, before the first one
   */
  static SeededTrainings run(
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
    return new SeededTrainings(checkpoints.buildOrThrow(), records.buildOrThrow());
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

  /** Returns the model of each seed. */
  public ImmutableMap<Long, Checkpoint> checkpoints() {
    return checkpoints;
  }

  /**
   * Returns the evaluations of a seed's training.
   *
   * @throws IllegalArgumentException if no training had the seed
   */
  public ImmutableList<Evaluation> evaluations(long seed) {
    EvaluationRecord record = records.get(seed);
    checkArgument(record != null, "no training had seed %s, but only %s", seed, records.keySet());
    return record.evaluations();
  }

  /**
   * Returns the accuracies on facts of a type at the ends of the trainings.
   *
   * @throws IllegalArgumentException if a training was not evaluated on such facts
   */
  public Spread accuracy(String type) {
    return Spread.of(
        records.values().stream().mapToDouble(record -> record.accuracy(type)).toArray());
  }

  /** Returns the accuracies on facts of a type by step, of the trainings evaluated at it. */
  public ImmutableSortedMap<Long, Spread> curve(String type) {
    SortedMap<Long, List<Double>> accuracies = new TreeMap<>();
    for (EvaluationRecord record : records.values()) {
      for (Evaluation evaluation : record.evaluations()) {
        Double accuracy = evaluation.accuracies().get(type);
        if (accuracy != null) {
          accuracies.computeIfAbsent(evaluation.step(), step -> new ArrayList<>()).add(accuracy);
        }
      }
    }
    ImmutableSortedMap.Builder<Long, Spread> curve = ImmutableSortedMap.naturalOrder();
    accuracies.forEach(
        (step, all) ->
            curve.put(step, Spread.of(all.stream().mapToDouble(Double::doubleValue).toArray())));
    return curve.buildOrThrow();
  }
}
