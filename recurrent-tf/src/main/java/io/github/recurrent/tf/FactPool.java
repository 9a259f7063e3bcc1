package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.random.Seed;
import java.util.List;

/** Facts of several numbers of hops, drawn in random order, each as often as any other. */
final class FactPool {
  private final ImmutableList<Facts> parts;
  private final int[] starts;
  private final ShuffledCycle cycle;

  /**
   * @param drawn how many facts were drawn before
   */
  FactPool(List<Facts> parts, Seed seed, long drawn) {
    this.parts = ImmutableList.copyOf(parts);
    starts = new int[parts.size() + 1];
    for (int part = 0; part < parts.size(); part++) {
      starts[part + 1] = Math.addExact(starts[part], parts.get(part).size());
    }
    checkArgument(size() > 0, "there are no facts to train on");
    cycle = new ShuffledCycle(seed, size(), drawn);
  }

  int size() {
    return starts[parts.size()];
  }

  /** Draws the next fact and adds it to a batch. */
  void draw(BatchBuilder batch) {
    int index = cycle.next();
    int part = 0;
    while (index >= starts[part + 1]) {
      part++;
    }
    batch.add(parts.get(part), index - starts[part]);
  }
}
