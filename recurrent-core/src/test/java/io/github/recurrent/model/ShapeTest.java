package io.github.recurrent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.recurrent.model.Parameters.Shape;
import org.junit.jupiter.api.Test;

final class ShapeTest {
  @Test
  void sizeIsTheProductOfTheDimensions() {
    Shape shape = Shape.of(217, 768);

    assertThat(shape.rank()).isEqualTo(2);
    assertThat(shape.size(1)).isEqualTo(768);
    assertThat(shape.size()).isEqualTo(217 * 768);
    assertThat(shape.toArray()).containsExactly(217, 768);
    assertThat(shape).hasToString("[217, 768]").isEqualTo(Shape.of(217, 768));
    assertThat(Shape.of().size()).isEqualTo(1);
  }

  @Test
  void badSizesAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(3, -1))
        .withMessageContaining("[3, -1]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(65536, 65536))
        .withMessageContaining("[65536, 65536] has too many values");
  }
}
