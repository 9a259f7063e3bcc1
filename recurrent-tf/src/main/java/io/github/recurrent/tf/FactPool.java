package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.random.Seed;
import java.util.List;

/**
 * Facts of several numbers of hops, drawn in random order, each as often as any other. A query that
 * has several right answers gets one of them each time, all alike, which depends on the seed and
 * the number of facts drawn before alone, so that a training can go on from there.
 */
final class FactPool {
  private final ImmutableList<Facts> parts;
  private final int[] starts;
  private final ShuffledCycle cycle;
  private final Seed answers;
  private long drawn;

  /**
   * @param drawn how many facts were drawn before
   */
  FactPool(List<Facts> parts, Seed seed, long drawn) {
    this.parts = ImmutableList.copyOf(parts);
    checkArgument(size(parts) > 0, "there are no facts to train on");
    starts = new int[parts.size() + 1];
    for (int part = 0; part < parts.size(); part++) {
      starts[part + 1] = starts[part] + parts.get(part).size();
    }
    cycle = new ShuffledCycle(seed, size(), drawn);
    answers = seed.child("answers");
    this.drawn = drawn;
  }

  int size() {
    return starts[parts.size()];
  }

  /**
   * Returns the number of facts of a pool.
   *
   * @throws IllegalArgumentException if it is more than 2³¹ - 1
   */
  static int size(List<Facts> parts) {
    long size = parts.stream().mapToLong(Facts::size).sum();
    checkArgument(
        size <= Integer.MAX_VALUE,
        "a stage of a training draws from at most %s facts, but there are %s; train on fewer facts"
            + " of each number of hops, or on fewer hops",
        Integer.MAX_VALUE,
        size);
    return (int) size;
  }

  /** Draws the next fact and adds it to a batch. */
  void draw(BatchBuilder batch) {
    int index = cycle.next();
    int part = 0;
    while (index >= starts[part + 1]) {
      part++;
    }
    int fact = index - starts[part];
    batch.add(parts.get(part), fact, answer(parts.get(part), fact));
    drawn++;
  }

  private int answer(Facts facts, int fact) {
    ImmutableIntArray right = facts.answerIds(fact);
    return right.length() == 1
        ? right.get(0)
        : right.get(
            (int) Long.remainderUnsigned(answers.child("answer", drawn).value(), right.length()));
  }
}
