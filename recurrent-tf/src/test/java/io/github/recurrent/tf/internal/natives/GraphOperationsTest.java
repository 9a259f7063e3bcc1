package io.github.recurrent.tf.internal.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

class GraphOperationsTest {
  @ParameterizedTest
  @ValueSource(strings = {"en-US", "ar-EG", "fa-IR", "hi-IN-u-nu-deva"})
  void operationsHaveTheNamesOfTensorFlowInEveryLocale(String locale) {
    Locale before = Locale.getDefault();
    try (Graph graph = new Graph()) {
      Locale.setDefault(Locale.forLanguageTag(locale));
      Ops tf = GraphOperations.of(graph);
      Ops sub = tf.withSubScope("sub");

      assertThat(tf.constant(1).op().name()).isEqualTo("Const");
      assertThat(tf.constant(2).op().name()).isEqualTo("Const_1");
      assertThat(tf.withName("given").constant(3).op().name()).isEqualTo("given");
      assertThat(tf.withName("given").constant(4).op().name()).isEqualTo("given_1");
      assertThat(sub.constant(5).op().name()).isEqualTo("sub/Const");
      assertThat(sub.constant(6).op().name()).isEqualTo("sub/Const_1");
      assertThat(tf.withSubScope("sub").constant(7).op().name()).isEqualTo("sub_1/Const");
      assertThat(tf.withControlDependencies(tf.constant(8)).constant(9).op().name())
          .isEqualTo("Const_3");
    } finally {
      Locale.setDefault(before);
    }
  }
}
