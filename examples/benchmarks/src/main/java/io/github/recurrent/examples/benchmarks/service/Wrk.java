package io.github.recurrent.examples.benchmarks.service;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator wrk, which costs the machine that it shares with a server little. */
final class Wrk {
  private static final Pattern RESULT =
      Pattern.compile(
          "RESULT requests=(\\d+) us=(\\d+) p50=([\\d.]+) p99=([\\d.]+) p999=([\\d.]+) refused=(\\d+) broken=(\\d+)");

  private final Path script;
  private final Path bodies;

  private Wrk(Path script, Path bodies) {
    this.script = script;
    this.bodies = bodies;
  }

  /** Prepares to post bodies, one after another and again. */
  static Wrk of(Path folder, List<String> bodies) throws IOException {
    Path script = Files.createTempFile(folder, "post", ".lua");
    try (InputStream source = Objects.requireNonNull(Wrk.class.getResourceAsStream("post.lua"))) {
      Files.write(script, source.readAllBytes());
    }
    return new Wrk(script, Files.write(Files.createTempFile(folder, "bodies", ".txt"), bodies));
  }

  /**
   * Posts for some seconds, the next request of a connection when the one before is answered.
   *
   * @throws IllegalStateException if a request got no answer
   */
  LoadResult run(String uri, int connections, int seconds)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "wrk",
                "--threads=1",
                "--connections=" + connections,
                "--duration=" + seconds + "s",
                "--timeout=30s",
                "--script=" + script,
                uri,
                "--",
                bodies.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Matcher result = RESULT.matcher(output);
    if (!result.find() || !result.group(7).equals("0")) {
      throw new IllegalStateException("wrk failed, or some requests got no answer:\n" + output);
    }
    double elapsed = Double.parseDouble(result.group(2)) / 1e6;
    long refused = Long.parseLong(result.group(6));
    return new LoadResult(
        (Long.parseLong(result.group(1)) - refused) / elapsed,
        milliseconds(result.group(3)),
        milliseconds(result.group(4)),
        milliseconds(result.group(5)),
        refused);
  }

  private static double milliseconds(String microseconds) {
    return Double.parseDouble(microseconds.toLowerCase(Locale.ROOT)) / 1e3;
  }
}
