package io.github.recurrent.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The memory of this process, native memory included, as Linux tells it. */
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String LINE = "VmRSS:";

  private ResidentMemory() {}

  /** Returns the resident memory in MiB; nothing where the system does not tell. */
  static OptionalLong mebibytes() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(LINE))
        .mapToLong(
            line -> Long.parseLong(line.substring(LINE.length()).replace("kB", "").strip()) / 1024)
        .findFirst();
  }
}
