package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs programs in a virtual machine whose heap is of a fixed size: only native memory can grow.
 */
final class FixedHeap {
  private FixedHeap() {}

  /** Runs a program, and returns the number on its last line. */
  static long run(Class<?> program, String... arguments) throws Exception {
    Process process =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-Xms128m",
                            "-Xmx128m",
                            "-XX:+AlwaysPreTouch",
                            "-cp",
                            System.getProperty("java.class.path"),
                            program.getName()),
                        List.of(arguments).stream())
                    .toList())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
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
