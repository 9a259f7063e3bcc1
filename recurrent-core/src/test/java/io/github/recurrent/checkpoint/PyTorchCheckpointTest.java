package io.github.recurrent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.fixtures.PyTorchFixture;
import org.junit.jupiter.api.Test;

final class PyTorchCheckpointTest {
  @Test
  void readsAPublishedCheckpointOfACompiledModel() {
    Checkpoint checkpoint = PyTorchFixture.nope().checkpoint();

    assertThat(checkpoint.parameters().shapes()).isEqualTo(checkpoint.model().parameterShapes());
    assertThat(checkpoint.provenance())
        .containsEntry("epoch", "7")
        .containsEntry("source", "pytorch_nope.pt");
  }

  @Test
  void readsAPublishedCheckpointWithMasksAndLearnedPositions() {
    Checkpoint checkpoint = PyTorchFixture.learned().checkpoint();

    assertThat(checkpoint.parameters().values("position_embedding.weight").remaining())
        .isEqualTo(5 * 64);
  }
}
