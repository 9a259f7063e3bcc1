package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CudaProviderTest {
  private static final String LIBRARY_MISSING =
      "FAIL : Failed to load library libonnxruntime_providers_cuda.so with error:"
          + " libcublasLt.so.12: cannot open shared object file\n";

  @Test
  void aMachineWithoutADriverIsToldSoFirst() {
    assertThat(CudaProvider.problem(1, LIBRARY_MISSING, true))
        .startsWith("ONNX Runtime cannot use CUDA device 1: no NVIDIA driver is loaded")
        .contains("libcublasLt.so.12: cannot open");
  }

  @Test
  void whereALibraryIsMissingAllThatAreNeededAreNamed() {
    assertThat(CudaProvider.problem(0, LIBRARY_MISSING, false))
        .contains("libcublasLt.so.12: cannot open")
        .contains("libcurand.so.10")
        .contains("LD_LIBRARY_PATH")
        .doesNotContain("driver is loaded");
  }

  @Test
  void anyOtherProblemIsTheDevices() {
    assertThat(CudaProvider.problem(7, "CUDA failure 101: invalid device ordinal", false))
        .isEqualTo(
            "ONNX Runtime cannot use CUDA device 7: CUDA failure 101: invalid device ordinal");
  }
}
