package io.github.recurrent.onnx;

import com.google.common.collect.ImmutableSortedMap;
import io.github.recurrent.fixtures.ValueSample;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The public types that stand for values. */
final class ValueTypesTest {
  @ParameterizedTest
  @MethodSource("values")
  void equalValuesAreEqualAndTellWhatTheyAre(ValueSample sample) {
    sample.assertIsValue();
  }

  /** Each is made twice from 1, and once from 2. */
  static Stream<ValueSample> values() {
    return Stream.<IntFunction<Object>>of(
            n -> ExecutionOptions.builder().threads(n).build(),
            n -> BatchingOptions.builder().maxRows(n).build(),
            n -> ExportOptions.builder().quantizeInt8(n == 1).build(),
            n -> Deadline.failingAfter(Duration.ofSeconds(n)),
            n ->
                new ContinuousBatcher.Statistics(
                    n,
                    0,
                    1,
                    1,
                    ImmutableSortedMap.of(3, 5L),
                    0,
                    0,
                    0,
                    0,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO))
        .map(made -> new ValueSample(made.apply(1), made.apply(1), made.apply(2)));
  }
}
