package io.github.recurrent.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.util.concurrent.Uninterruptibles;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.Trajectory;
import io.github.recurrent.reasoning.spi.Reading.HiddenChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;

/**
 * Runs an exported model with ONNX Runtime, iteration by iteration; halted rows cost nothing more,
 * pads cost nothing but in attention, and iterations that no rule looks at are one run of the
 * runtime together with the next that one does. The rows of a call are divided among {@linkplain
 * ExecutionOptions#lanes() lanes} where that is faster; a rule of one's own is then asked by
 * several threads at once, each for rows of its own. Thread-safe; closing waits for the calls under
 * way.
 *
 * <p>All calls share one copy of the weights, in the order that ONNX Runtime multiplies fastest;
 * {@link ContinuousBatcher#of} shares it too.
 */
public final class OnnxReasoner implements Reasoner {
  private static final long MILLISECONDS_BETWEEN_LOOKS = 50;

  /** Rows begin and go on, among the same rows too, unread and read. */
  private static final Halting WARM_UP = Halting.klAndEntropy(0.01, 3).atLeast(3).atMost(4);

  private final ExportedModel exported;
  private final RuntimeSession session;
  private final Lanes lanes;
  private final int mostPlaces;
  private final ReasonerLanes runs;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Lock closing = lock.writeLock();
  private volatile boolean closed;

  @GuardedBy("closing")
  private boolean sessionClosed;

  /** A row that knows the number of its query. */
  private static final class NumberedRow extends FollowedRow {
    private final int number;

    private NumberedRow(
        RecurrentDepthTransformer model, QueryBatch queries, int number, Halting halting) {
      super(model, queries.ids(number), halting);
      this.number = number;
    }
  }

  private OnnxReasoner(
      ExportedModel exported, RuntimeSession session, Lanes lanes, int mostPlaces) {
    this.exported = exported;
    this.session = session;
    this.lanes = lanes;
    this.mostPlaces = mostPlaces;
    runs =
        new ReasonerLanes(() -> new LiveBatch(exported.metadata().model(), session), lanes.count());
  }

  /**
   * Loads a folder that {@link OnnxExporter} wrote, to run on the CPU.
   *
   * @throws FileFormatException if a file is damaged, missing or of another export, or the folder
   *     is of a format version this library does not know
   * @throws IOException if the folder does not exist, a file cannot be read, or ONNX Runtime's
   *     native libraries cannot be unpacked into the temporary folder or loaded
   */
  public static OnnxReasoner load(Path folder) throws IOException {
    return load(folder, ExecutionOptions.builder().build());
  }

  /**
   * Loads a folder that {@link OnnxExporter} wrote.
   *
   * @throws FileFormatException if a file is damaged, missing or of another export, or the folder
   *     is of a format version this library does not know
   * @throws IOException if the folder does not exist, a file cannot be read, or ONNX Runtime's
   *     native libraries cannot be unpacked into the temporary folder or loaded
   * @throws IllegalStateException if the device is not there, or this is the first use of ONNX
   *     Runtime in the process and in a shutdown hook
   */
  public static OnnxReasoner load(Path folder, ExecutionOptions execution) throws IOException {
    ExportedModel exported = ExportedModel.read(folder);
    RecurrentDepthTransformer model = exported.metadata().model();
    Lanes lanes = Lanes.ofReasoner(model, execution);
    return new OnnxReasoner(
        exported,
        RuntimeSession.open(exported.step(), execution, lanes.threads()),
        lanes,
        LengthBuckets.mostPlaces(model, execution, lanes.count()));
  }

  @Override
  public RecurrentDepthTransformer model() {
    return exported.metadata().model();
  }

  @Override
  public Vocabulary vocabulary() {
    return exported.metadata().vocabulary();
  }

  @Override
  public ImmutableMap<String, String> provenance() {
    return exported.metadata().provenance();
  }

  ExportedModel exported() {
    return exported;
  }

  Lanes lanes() {
    return lanes;
  }

  /** Returns the session for another user, who closes it too. */
  RuntimeSession shareSession() {
    enter();
    try {
      return session.share();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public ImmutableList<Answer> answer(QueryBatch queries, Halting halting) {
    Answer[] answers = new Answer[queries.size()];
    run(buckets(queries), (batch, rows) -> answer(batch, queries, rows, halting, answers));
    return ImmutableList.copyOf(answers);
  }

  private void answer(
      LiveBatch batch,
      QueryBatch queries,
      ImmutableIntArray numbers,
      Halting halting,
      Answer[] answers) {
    List<NumberedRow> added = new ArrayList<>();
    for (int number : numbers.asList()) {
      added.add(new NumberedRow(model(), queries, number, halting));
    }
    List<NumberedRow> live = added;
    List<NumberedRow> kept = List.of();
    while (!live.isEmpty()) {
      // Rows under one rule that are at one iteration are all read, or none is.
      int unread = live.get(0).unread();
      Readings readings =
          batch.iterate(
              kept,
              kept.isEmpty() ? added : List.of(),
              unread + 1,
              live,
              halting.looksAtHiddenState());
      List<NumberedRow> next = new ArrayList<>();
      for (int index = 0; index < live.size(); index++) {
        NumberedRow row = live.get(index);
        row.skip(unread);
        Optional<Answer> answer = row.take(vocabulary(), readings, index);
        if (answer.isPresent()) {
          answers[row.number] = answer.get();
        } else {
          next.add(row);
        }
      }
      live = next;
      kept = next;
    }
  }

  /**
   * Answers made-up queries, so that the first real ones need not wait for memory and compiled
   * code: 250 short ones, which take seconds with a model of the paper's size, and three batches.
   *
   * @param rows the number of queries of the largest batch to come
   * @param hops the number of hops of the longest queries to come
   * @throws IllegalArgumentException if they are not at least 1, or the model takes no so long
   *     queries
   */
  public void warmUp(int rows, int hops) {
    WarmUp.run(exported.metadata(), rows, hops, queries -> answer(queries, WARM_UP));
  }

  @Override
  public Trajectory trajectory(QueryBatch queries, int iterations) {
    checkArgument(iterations >= 1, "iterations must be at least 1, but are %s", iterations);
    ImmutableList<ImmutableIntArray> buckets = buckets(queries);
    int rows = queries.size();
    int size = vocabulary().size();
    float[] logits = new float[Math.multiplyExact(Math.multiplyExact(iterations, rows), size)];
    double[] hiddenChanges = new double[iterations * rows];
    run(
        buckets,
        (batch, bucket) -> trajectory(batch, queries, bucket, iterations, logits, hiddenChanges));
    return Trajectory.of(vocabulary(), iterations, rows, logits, hiddenChanges);
  }

  private void trajectory(
      LiveBatch batch,
      QueryBatch queries,
      ImmutableIntArray numbers,
      int iterations,
      float[] logits,
      double[] hiddenChanges) {
    List<LiveBatch.Row> rows = new ArrayList<>();
    List<HiddenChange> changes = new ArrayList<>();
    for (int number : numbers.asList()) {
      rows.add(new LiveBatch.Row(model(), queries.ids(number)));
      changes.add(new HiddenChange());
    }
    int size = vocabulary().size();
    for (int iteration = 0; iteration < iterations; iteration++) {
      Readings readings =
          iteration == 0
              ? batch.iterate(List.of(), rows, 1, rows, true)
              : batch.iterate(rows, List.of(), 1, rows, true);
      for (int index = 0; index < rows.size(); index++) {
        int place = iteration * queries.size() + numbers.get(index);
        System.arraycopy(readings.logits(), index * size, logits, place * size, size);
        hiddenChanges[place] = changes.get(index).next(readings.states(), index, model().width());
      }
    }
  }

  private ImmutableList<ImmutableIntArray> buckets(QueryBatch queries) {
    checkArgument(
        queries.vocabulary().equals(vocabulary()),
        "the queries are of another vocabulary, %s, than the model's, %s",
        queries.vocabulary(),
        vocabulary());
    model().paddedLength(queries.longest());
    int[] lengths = new int[queries.size()];
    for (int row = 0; row < lengths.length; row++) {
      int read = model().readPosition().index(queries.length(row));
      lengths[row] = Math.min(read, queries.length(row)) + 1;
    }
    return LengthBuckets.of(lengths, mostPlaces, lanes.count());
  }

  /** Runs each of several things on a batch that nobody else uses. */
  private <T> void run(List<T> each, BiConsumer<LiveBatch, T> run) {
    enter();
    try {
      runs.run(each, run);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Begins a call, without waiting: one within another would wait for who waits for that one. */
  private void enter() {
    boolean entered = lock.readLock().tryLock();
    if (entered && !closed) {
      return;
    }
    if (entered) {
      lock.readLock().unlock();
    }
    throw new IllegalStateException("this reasoner is closed");
  }

  /**
   * Waits for the calls under way, and lets go of the model; closing again does nothing. A shutdown
   * hook may call this; it does not wait for a call whose rule calls {@link System#exit}, which
   * would wait for the hook.
   *
   * @throws IllegalStateException if a rule of one's own calls this within a call, which would wait
   *     for itself
   */
  @Override
  public void close() {
    if (lock.getReadHoldCount() > 0 || runs.isHelping()) {
      throw new IllegalStateException("a call cannot close its own reasoner, which waits for it");
    }
    closed = true;
    while (!Uninterruptibles.tryLockUninterruptibly(
        closing, MILLISECONDS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
      if (runs.isExiting()) {
        // That call never ends, and may wait for who calls this; the process takes the memory.
        return;
      }
    }
    try {
      if (!sessionClosed) {
        sessionClosed = true;
        runs.close();
        session.close();
      }
    } finally {
      closing.unlock();
    }
  }
}
