package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.model.RecurrentDepthTransformer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LanesTest {
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  @ParameterizedTest
  @CsvSource({
    "64, 4, 4, 1, 4, 1",
    "128, 4, 4, 1, 4, 1",
    "192, 4, 1, 4, 4, 1",
    "256, 4, 1, 4, 4, 1",
    "320, 4, 1, 4, 1, 4",
    "64, 1, 1, 1, 1, 1"
  })
  void narrowModelsHaveALaneForEveryThread(
      int width, int threads, int ofReasoner, int threadsOfEach, int ofBatcher, int threadsOfOne) {
    ExecutionOptions execution = ExecutionOptions.builder().threads(threads).build();

    assertThat(Lanes.ofReasoner(model(width), execution))
        .isEqualTo(new Lanes(ofReasoner, threadsOfEach));
    assertThat(Lanes.ofBatcher(model(width), execution, BatchingOptions.builder().build()))
        .isEqualTo(new Lanes(ofBatcher, threadsOfOne));
  }

  @Test
  void allCoresAreUsedUnlessToldOtherwise() {
    ExecutionOptions execution = ExecutionOptions.builder().build();

    assertThat(Lanes.ofReasoner(model(64), execution)).isEqualTo(new Lanes(CORES, 1));
    assertThat(Lanes.ofReasoner(model(768), execution)).isEqualTo(new Lanes(1, CORES));
  }

  @ParameterizedTest
  @CsvSource({"8, 2, 4", "8, 3, 2", "2, 3, 1"})
  void chosenLanesShareTheThreads(int threads, int lanes, int threadsOfEach) {
    assertThat(
            Lanes.ofReasoner(
                model(768), ExecutionOptions.builder().threads(threads).lanes(lanes).build()))
        .isEqualTo(new Lanes(lanes, threadsOfEach));
  }

  @Test
  void aDeviceHasOneLane() {
    assertThat(
            Lanes.ofReasoner(
                model(64), ExecutionOptions.builder().threads(4).cudaDevice(0).build()))
        .isEqualTo(new Lanes(1, 4));
  }

  @Test
  void aBatcherHasNoMoreLanesThanRows() {
    ExecutionOptions execution = ExecutionOptions.builder().threads(8).build();

    assertThat(Lanes.ofBatcher(model(64), execution, BatchingOptions.builder().maxRows(3).build()))
        .isEqualTo(new Lanes(3, 2));
  }

  private static RecurrentDepthTransformer model(int width) {
    return TestModels.small().width(width).heads(2).build();
  }
}
