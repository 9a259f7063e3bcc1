package io.github.recurrent.tf;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.fixtures.ValueSample;
import java.util.OptionalDouble;
import java.util.OptionalInt;
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
            Device::gpu,
            n -> AdamW.builder().learningRate(n).build(),
            n -> Dropout.builder().attention(n / 10.0).build(),
            n -> Curriculum.byHops().upTo(n),
            Epochs::of,
            n ->
                new Curriculum.Result(
                    n, OptionalInt.empty(), OptionalDouble.empty(), OptionalDouble.empty()),
            n -> new TrainingListener.Step(n, 1, 1, 1, 50, 1.5, 1e-3, 4, 128),
            n -> new TrainingListener.Evaluation(n, 1, 1, 4, ImmutableMap.of("2hop_test", 0.5)),
            n -> new TrainingListener.StageFailure(2, n, 1, 0.5, 0.6, 0.9, "more epochs"))
        .map(made -> new ValueSample(made.apply(1), made.apply(1), made.apply(2)));
  }
}
