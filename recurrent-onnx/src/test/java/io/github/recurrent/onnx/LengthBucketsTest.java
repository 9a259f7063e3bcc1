package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Lists;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LengthBucketsTest {
  @Test
  void rowsOfOneLengthRunTogetherInTheirOrder() {
    assertThat(buckets(3, 3, 3)).containsExactly(ImmutableIntArray.of(0, 1, 2));
  }

  @Test
  void aFewRowsRunTogetherWhateverTheirLengths() {
    assertThat(buckets(5, 2, 4, 3)).containsExactly(ImmutableIntArray.of(1, 3, 2, 0));
  }

  @Test
  void manyShortRowsDoNotWaitForALongOne() {
    int[] lengths = new int[100];
    Arrays.fill(lengths, 2);
    lengths[17] = 40;

    assertThat(buckets(lengths))
        .hasSize(2)
        .contains(ImmutableIntArray.of(17))
        .noneMatch(rows -> rows.length() == 100);
  }

  @ParameterizedTest
  @CsvSource({"1, 16384", "2, 16384", "3, 6144", "4, 2048", "5, 2048"})
  void everyRowRunsOnceAndNoRunHasTooManyPlaces(long seed, int most) {
    int[] lengths = RandomStream.of(Seed.of(seed)).ints(3000, 2, 42).toArray();

    List<ImmutableIntArray> buckets = LengthBuckets.of(lengths, most, 1);

    assertThat(buckets.stream().flatMapToInt(ImmutableIntArray::stream))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 3000).boxed().toList());
    assertThat(buckets)
        .allMatch(
            rows ->
                rows.length() * rows.stream().map(row -> lengths[row]).max().orElseThrow() <= most);
  }

  @Test
  void noLaneRunsNothing() {
    assertThat(LengthBuckets.of(new int[] {100, 100}, 1 << 14, 4))
        .containsExactly(ImmutableIntArray.of(0), ImmutableIntArray.of(1));
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 3", "3, 16"})
  void lanesHaveAsManyRowsOfAnyLength(long seed, int lanes) {
    int[] lengths = RandomStream.of(Seed.of(seed)).ints(lanes * 200L, 2, 42).toArray();

    List<ImmutableIntArray> runs = LengthBuckets.of(lengths, 1 << 14, lanes);

    assertThat(runs.stream().flatMapToInt(ImmutableIntArray::stream))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, lengths.length).boxed().toList());
    assertThat(runs.size() % lanes).isZero();
    for (List<ImmutableIntArray> sideBySide : Lists.partition(runs, lanes)) {
      assertThat(sideBySide)
          .allSatisfy(
              run -> {
                assertThat(run.length())
                    .isBetween(sideBySide.get(0).length() - 1, sideBySide.get(0).length());
                assertThat(longest(run, lengths)).isEqualTo(longest(sideBySide.get(0), lengths));
              });
    }
  }

  private static int longest(ImmutableIntArray run, int[] lengths) {
    return run.stream().map(row -> lengths[row]).max().orElseThrow();
  }

  @Test
  void aFewTokensAreNotDividedAmongLanes() {
    int[] lengths = new int[15];
    Arrays.fill(lengths, 4);

    assertThat(LengthBuckets.of(lengths, 1 << 14, 2)).hasSize(1);
    assertThat(LengthBuckets.of(new int[] {40}, 1 << 14, 2)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"64, 1, 16384", "64, 2, 12288", "64, 8, 3072", "256, 1, 6144", "768, 1, 2048"})
  void widerModelsAndMoreLanesRunFewerPlacesAtOnceOnTheCpu(int width, int lanes, int onTheCpu) {
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder().vocabularySize(31).width(width).heads(2).build();

    assertThat(LengthBuckets.mostPlaces(model, ExecutionOptions.builder().build(), lanes))
        .isEqualTo(onTheCpu);
    assertThat(LengthBuckets.mostPlaces(model, ExecutionOptions.builder().cudaDevice(0).build(), 1))
        .isEqualTo(16_384);
  }

  private static List<ImmutableIntArray> buckets(int... lengths) {
    return LengthBuckets.of(lengths, 1 << 14, 1);
  }
}
