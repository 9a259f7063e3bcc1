package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.recurrent.onnx.ExecutionOptions.CpuMemory;
import io.github.recurrent.onnx.ExecutionOptions.CudaGrowth;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExecutionOptionsTest {
  @Test
  void theCpuIsUsedUnlessToldOtherwise() {
    ExecutionOptions options = ExecutionOptions.builder().build();

    assertThat(options.cudaDevice()).isEmpty();
    assertThat(options.threads()).isEmpty();
    assertThat(options.cpuMemory()).isEqualTo(CpuMemory.KEPT);
    assertThat(options.sessionEntries()).doesNotContainKey("session.intra_op.allow_spinning");
    assertThat(options.runEntries()).isEmpty();
    assertThat(options.cudaOptions()).isEmpty();
  }

  @Test
  void optionsAreThoseOfTheRuntime() {
    ExecutionOptions cpu =
        ExecutionOptions.builder().spinning(false).cpuMemory(CpuMemory.SHRUNK).build();
    ExecutionOptions cuda =
        ExecutionOptions.builder()
            .cudaDevice(1)
            .cudaMemoryLimit(2L << 30)
            .cudaTf32(false)
            .cudaGrowth(CudaGrowth.AS_REQUESTED)
            .build();

    assertThat(cpu.sessionEntries()).containsEntry("session.intra_op.allow_spinning", "0");
    assertThat(cpu.runEntries())
        .containsExactly(Map.entry("memory.enable_memory_arena_shrinkage", "cpu:0"));
    assertThat(cuda.cudaOptions())
        .containsOnly(
            Map.entry("gpu_mem_limit", "2147483648"),
            Map.entry("use_tf32", "0"),
            Map.entry("arena_extend_strategy", "kSameAsRequested"));
  }

  @Test
  void everyCpuOptionGivesTheSameAnswers(@TempDir Path parent) throws IOException {
    Path folder = parent.resolve("onnx");
    OnnxExporter.export(TestModels.random(1), folder);
    QueryBatch queries = TestModels.queries(20, 5, 1);
    float[] expected;
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      expected = reasoner.trajectory(queries, 4).logits(4, 7);
    }
    for (CpuMemory memory : CpuMemory.values()) {
      try (OnnxReasoner reasoner =
          OnnxReasoner.load(
              folder, ExecutionOptions.builder().cpuMemory(memory).spinning(false).build())) {
        assertThat(reasoner.trajectory(queries, 4).logits(4, 7))
            .as("%s", memory)
            .isEqualTo(expected);
        assertThat(reasoner.answer(queries, Halting.fixed(2))).hasSize(20);
      }
    }
  }

  @Test
  void badValuesAreRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExecutionOptions.builder().threads(0).build())
        .withMessageContaining("threads")
        .withMessageContaining("0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExecutionOptions.builder().lanes(0).build())
        .withMessageContaining("lanes must be at least 1, but are 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExecutionOptions.builder().cudaDevice(-3).build())
        .withMessageContaining("-3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExecutionOptions.builder().cudaDevice(0).cudaMemoryLimit(0).build())
        .withMessageContaining("1 byte, but is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExecutionOptions.builder().cudaTf32(true).build())
        .withMessageContaining("use_tf32")
        .withMessageContaining("none is chosen");
  }
}
