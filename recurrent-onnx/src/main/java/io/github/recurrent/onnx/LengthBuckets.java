package io.github.recurrent.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Divides a batch into runs: rows of similar length together, so that attention pads little, and in
 * no run so many places that its memory, which the runtime keeps, becomes great, or that what one
 * node has written has left the processor's cache when the next one reads it.
 */
final class LengthBuckets {
  /**
   * What a run costs besides its rows, in places of attention, a quarter of what a token costs:
   * reading the weights, and the nodes' overhead.
   */
  private static final int PLACES_PER_RUN = 128;

  /** The fewest places worth a lane of their own; measured on lanes of one thread. */
  private static final int PLACES_PER_LANE = 32;

  private static final int MOST_PLACES = 1 << 14;

  /** The values of the widest activations, as floats, that a processor's cache holds. */
  private static final int CACHED_VALUES = 6 << 20;

  private LengthBuckets() {}

  /**
   * Returns how many places a run should have at most; the cache is only the processor's, and all
   * lanes'.
   */
  static int mostPlaces(RecurrentDepthTransformer model, ExecutionOptions execution, int lanes) {
    return execution.cudaDevice().isPresent()
        ? MOST_PLACES
        : Math.min(MOST_PLACES, CACHED_VALUES / lanes / model.mlpWidth());
  }

  /**
   * Returns the rows of each run, the longest first, which together pad and run the least. Lanes
   * have runs of as many rows, of the same lengths, unless there are too few.
   *
   * @param lengths the number of tokens of every row
   * @param mostPlaces the rows of a run times the length of its longest, unless it is one row
   * @param lanes the number of runs that go on side by side
   */
  static ImmutableList<ImmutableIntArray> of(int[] lengths, int mostPlaces, int lanes) {
    if (lengths.length == 1) {
      return ImmutableList.of(ImmutableIntArray.of(0));
    }
    int parts = Math.min(lanes, Math.max(1, IntStream.of(lengths).sum() / PLACES_PER_LANE));
    long runCost = (long) parts * PLACES_PER_RUN;
    int[] rows =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparing(row -> lengths[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    // A bucket never divides rows of one length: it would be a run more for no pad less.
    int[] ends =
        IntStream.rangeClosed(1, rows.length)
            .filter(end -> end == rows.length || lengths[rows[end]] != lengths[rows[end - 1]])
            .toArray();
    long[] cost = new long[ends.length + 1];
    int[] begin = new int[ends.length + 1];
    for (int last = 1; last <= ends.length; last++) {
      long length = lengths[rows[ends[last - 1] - 1]];
      cost[last] = Long.MAX_VALUE;
      for (int first = 0; first < last; first++) {
        int size = ends[last - 1] - (first == 0 ? 0 : ends[first - 1]);
        long total = cost[first] + runCost + size * length;
        if (total < cost[last]) {
          cost[last] = total;
          begin[last] = first;
        }
      }
    }
    ImmutableList.Builder<ImmutableIntArray> buckets = ImmutableList.builder();
    for (int last = ends.length; last > 0; last = begin[last]) {
      int from = begin[last] == 0 ? 0 : ends[begin[last] - 1];
      int most = parts * Math.max(1, mostPlaces / lengths[rows[ends[last - 1] - 1]]);
      for (int next = from; next < ends[last - 1]; next += most) {
        deal(rows, next, Math.min(next + most, ends[last - 1]), parts).forEach(buckets::add);
      }
    }
    return buckets.build();
  }

  /** Divides rows so that each part has as many of every length. */
  private static Stream<ImmutableIntArray> deal(int[] rows, int from, int to, int parts) {
    return IntStream.range(0, Math.min(parts, to - from))
        .mapToObj(
            part ->
                ImmutableIntArray.copyOf(
                    IntStream.iterate(from + part, place -> place < to, place -> place + parts)
                        .map(place -> rows[place])));
  }
}
