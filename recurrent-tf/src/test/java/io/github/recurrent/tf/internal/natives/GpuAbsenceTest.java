package io.github.recurrent.tf.internal.natives;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GpuAbsenceTest {
  @Test
  void nativesForTheCpuAreNamed() {
    assertThat(GpuAbsence.reason("linux-x86_64"))
        .contains("are those for the CPU")
        .contains("classifier linux-x86_64-gpu");
    assertThat(GpuAbsence.reason("macosx-arm64"))
        .contains("are those for the CPU")
        .contains("on linux-x86_64 only");
  }

  @Test
  void aMissingDriverIsNamedAndNotTheClassifier() {
    assertThat(
            GpuAbsence.reason(ImmutableList.of("libcuda.so.1", "libcudnn.so.9"), Optional.empty()))
        .contains("natives are those for GPUs")
        .contains("NVIDIA driver's libcuda.so.1 cannot be loaded")
        .doesNotContain("classifier");
  }

  @Test
  void missingLibrariesAreListed() {
    assertThat(
            GpuAbsence.reason(
                ImmutableList.of("libcublas.so.12", "libcudnn.so.9"), Optional.empty()))
        .contains("driver are there")
        .contains("libcublas.so.12, libcudnn.so.9")
        .doesNotContain("classifier");
  }

  @Test
  void aHiddenGpuIsNamedWhereNothingIsMissing() {
    assertThat(GpuAbsence.reason(ImmutableList.of(), Optional.of("-1")))
        .contains("CUDA_VISIBLE_DEVICES is \"-1\"");
  }

  @Test
  void librariesThatCannotBeLoadedAreFound() {
    assertThat(Natives.missing(ImmutableList.of("libnothingofthekind.so.7")))
        .containsExactly("libnothingofthekind.so.7");
  }
}
