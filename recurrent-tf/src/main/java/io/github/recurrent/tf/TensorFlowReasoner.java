package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.Trajectory;
import io.github.recurrent.reasoning.spi.HaltingRow;
import io.github.recurrent.reasoning.spi.Reading;
import io.github.recurrent.reasoning.spi.Reading.HiddenChange;
import io.github.recurrent.tf.internal.graph.PackedBatch;
import io.github.recurrent.tf.internal.graph.SteppedModel;
import io.github.recurrent.tf.internal.natives.NativeCall;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/**
 * Runs a checkpoint with TensorFlow, one iteration of a whole batch at a time, and stops as soon as
 * every row has halted. Thread-safe; closing waits for the calls under way.
 *
 * <p>So does the end of the virtual machine, except for a call whose rule ends it, and for some
 * seconds only: a call that takes longer, and one that begins meanwhile on a thread that is not a
 * shutdown hook, throws an {@link IllegalStateException}.
 */
public final class TensorFlowReasoner implements Reasoner {
  private static final long MILLISECONDS_BETWEEN_LOOKS = 50;

  private final RecurrentDepthTransformer model;
  private final Vocabulary vocabulary;
  private final ImmutableMap<String, String> provenance;
  private final SteppedModel stepped;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Set<NativeCall> calls = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private boolean modelClosed;

  private TensorFlowReasoner(Checkpoint checkpoint, SteppedModel stepped) {
    this.model = checkpoint.model();
    this.vocabulary = checkpoint.vocabulary();
    this.provenance = checkpoint.provenance();
    this.stepped = stepped;
  }

  /**
   * Loads a checkpoint onto the CPU, in 32-bit floats.
   *
   * @throws IllegalStateException if the virtual machine ends and this is not one of its hooks
   */
  public static TensorFlowReasoner of(Checkpoint checkpoint) {
    return of(checkpoint, Device.cpu(), Precision.FP32);
  }

  /**
   * Loads a checkpoint onto a device.
   *
   * @throws IllegalStateException if the device is not there, or the virtual machine ends and this
   *     is not one of its shutdown hooks
   */
  @SuppressWarnings("try") // the call lasts as long as its scope
  public static TensorFlowReasoner of(Checkpoint checkpoint, Device device, Precision precision) {
    try (NativeCall unused = NativeCall.begin()) {
      return new TensorFlowReasoner(
          checkpoint,
          new SteppedModel(
              checkpoint.model(),
              checkpoint.parameters(),
              precision,
              ImmutableExecution.builder().device(device).build()::open));
    }
  }

  @Override
  public RecurrentDepthTransformer model() {
    return model;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public ImmutableMap<String, String> provenance() {
    return provenance;
  }

  @Override
  public ImmutableList<Answer> answer(QueryBatch queries, Halting halting) {
    PackedBatch batch = pack(queries);
    NativeCall call = enter();
    try (SteppedModel.Run run = stepped.run(batch)) {
      Answer[] answers = new Answer[queries.size()];
      List<Integer> live = new ArrayList<>();
      List<HaltingRow> rows = new ArrayList<>();
      List<HiddenChange> changes = new ArrayList<>();
      for (int row = 0; row < answers.length; row++) {
        live.add(row);
        rows.add(halting.row());
        changes.add(new HiddenChange());
      }
      while (!live.isEmpty()) {
        call.goOn();
        run.iterate();
        // Rows under one rule that are at one iteration are all read, or none is.
        if (rows.get(live.get(0)).unread() > 0) {
          live.forEach(row -> rows.get(row).skip(1));
          continue;
        }
        float[] logits = run.logits();
        float[] states = halting.looksAtHiddenState() ? run.readStates() : new float[0];
        live.removeIf(
            row -> {
              OptionalDouble change =
                  halting.looksAtHiddenState()
                      ? OptionalDouble.of(changes.get(row).next(states, row, model.width()))
                      : OptionalDouble.empty();
              Reading reading = Reading.of(vocabulary, halting, logits, row, change);
              boolean halts = rows.get(row).halts(reading);
              if (halts) {
                answers[row] =
                    Answer.of(
                        vocabulary, reading.distribution(), rows.get(row).iterations(), halting);
              }
              return halts;
            });
      }
      return ImmutableList.copyOf(answers);
    } finally {
      leave(call);
    }
  }

  @Override
  public Trajectory trajectory(QueryBatch queries, int iterations) {
    checkArgument(iterations >= 1, "iterations must be at least 1, but are %s", iterations);
    PackedBatch batch = pack(queries);
    int size = Math.multiplyExact(queries.size(), vocabulary.size());
    float[] logits = new float[Math.multiplyExact(iterations, size)];
    double[] hiddenChanges = new double[iterations * queries.size()];
    List<HiddenChange> changes = Stream.generate(HiddenChange::new).limit(queries.size()).toList();
    NativeCall call = enter();
    try (SteppedModel.Run run = stepped.run(batch)) {
      for (int iteration = 0; iteration < iterations; iteration++) {
        call.goOn();
        run.iterate();
        System.arraycopy(run.logits(), 0, logits, iteration * size, size);
        float[] states = run.readStates();
        for (int row = 0; row < queries.size(); row++) {
          hiddenChanges[iteration * queries.size() + row] =
              changes.get(row).next(states, row, model.width());
        }
      }
    } finally {
      leave(call);
    }
    return Trajectory.of(vocabulary, iterations, queries.size(), logits, hiddenChanges);
  }

  /** Begins a call, without waiting: one within another would wait for who waits for that one. */
  private NativeCall enter() {
    boolean entered = lock.readLock().tryLock();
    if (!entered || closed) {
      if (entered) {
        lock.readLock().unlock();
      }
      throw new IllegalStateException("this reasoner is closed");
    }
    try {
      NativeCall call = NativeCall.begin();
      calls.add(call);
      return call;
    } catch (RuntimeException | Error e) {
      lock.readLock().unlock();
      throw e;
    }
  }

  private void leave(NativeCall call) {
    calls.remove(call);
    call.close();
    lock.readLock().unlock();
  }

  private PackedBatch pack(QueryBatch queries) {
    checkArgument(
        queries.vocabulary().equals(vocabulary),
        "the queries are of another vocabulary, %s, than the model's, %s",
        queries.vocabulary(),
        vocabulary);
    List<int[]> rows = new ArrayList<>();
    for (int row = 0; row < queries.size(); row++) {
      int[] ids = new int[queries.length(row)];
      for (int position = 0; position < ids.length; position++) {
        ids[position] = queries.id(row, position);
      }
      rows.add(ids);
    }
    return PackedBatch.sharing(model, rows);
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
    if (lock.getReadHoldCount() > 0) {
      throw new IllegalStateException("a call cannot close its own reasoner, which waits for it");
    }
    closed = true;
    while (!Uninterruptibles.tryLockUninterruptibly(
        lock.writeLock(), MILLISECONDS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
      if (calls.stream().anyMatch(NativeCall::isExiting)) {
        // That call never ends, and may wait for who calls this; the process takes the memory.
        return;
      }
    }
    try {
      if (!modelClosed) {
        modelClosed = true;
        stepped.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
