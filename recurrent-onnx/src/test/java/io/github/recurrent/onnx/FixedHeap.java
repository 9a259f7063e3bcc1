package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs programs in a virtual machine whose heap is of a fixed size: only native memory can grow.
 */
final class FixedHeap {
  private FixedHeap() {}

  /** Runs a program, and returns the number on its last line. */
  static long run(Class<?> program, String... arguments) throws Exception {
    ForkedJvm ended =
        ForkedJvm.run(List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch"), program, arguments);
    String output = ended.output();
    assertThat(ended.status()).as(output).isZero();
    return Long.parseLong(output.substring(output.lastIndexOf('\n') + 1));
  }

  /** Returns the memory of this process that is resident, in KiB. */
  static long residentKibibytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
