package io.github.recurrent.onnx;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a program in a virtual machine of its own ended with.
 *
 * @param status the exit status; 134 and more where a signal ended it
 * @param output what it printed, errors included
 */
record ForkedJvm(int status, String output) {
  private static final long SECONDS_ALLOWED = 90;

  /** Runs a program with options of the virtual machine, and ends it if it hangs. */
  static ForkedJvm run(List<String> options, Class<?> program, String... arguments)
      throws Exception {
    Path output = Files.createTempFile("output", ".txt");
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-XX:+ErrorFileToStdout");
      command.addAll(options);
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
      Collections.addAll(command, arguments);
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(SECONDS_ALLOWED, SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("hangs: " + command + "\n" + Files.readString(output));
      }
      return new ForkedJvm(
          process.exitValue(),
          new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip());
    } finally {
      Files.delete(output);
    }
  }
}
