package io.github.recurrent.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.fixtures.PyTorchFixture;
import org.junit.jupiter.api.Test;

final class ReferenceReasonerTest extends TracedReasonerContract {
  @Override
  protected TracedReasoner open(Checkpoint checkpoint) {
    return ReferenceReasoner.of(checkpoint);
  }

  @Test
  void logitsAtEveryEffectiveLayerAreThoseOfPyTorch() {
    assertLayerLogits(PyTorchFixture.nope());
    assertLayerLogits(PyTorchFixture.learned());
  }

  private static void assertLayerLogits(PyTorchFixture fixture) {
    int layers = fixture.checkpoint().model().layers();
    int position = fixture.batch().readIndices(fixture.checkpoint().model())[0];
    try (ReferenceReasoner reasoner = ReferenceReasoner.of(fixture.checkpoint())) {
      var found =
          reasoner.layerLogits(fixture.batch(), 0, position, fixture.layerLogits().size() / layers);

      assertThat(found).hasSameSizeAs(fixture.layerLogits());
      for (int layer = 0; layer < found.size(); layer++) {
        assertThat(found.get(layer))
            .containsExactly(fixture.layerLogits().get(layer), within(1e-4f));
      }
    }
  }
}
