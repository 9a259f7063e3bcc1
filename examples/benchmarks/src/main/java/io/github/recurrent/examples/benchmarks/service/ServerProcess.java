package io.github.recurrent.examples.benchmarks.service;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server in a virtual machine of its own, which says where it listens. */
final class ServerProcess implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("https?://127\\.0\\.0\\.1:\\d+");
  private static final long SECONDS_TO_END = 30;

  private final Process process;
  private final String uri;

  private ServerProcess(Process process, String uri) {
    this.process = process;
    this.uri = uri;
  }

  /** Starts the service with flags. */
  static ServerProcess service(Path model, String... flags) throws IOException {
    List<String> all = new ArrayList<>(List.of("--leave=0s", "--model=" + model));
    Collections.addAll(all, flags);
    return service(all);
  }

  /** Starts the service with these flags and no others. */
  static ServerProcess service(List<String> flags) throws IOException {
    List<String> all = new ArrayList<>(flags);
    all.add("--port=0");
    return start("io.github.recurrent.examples.service.Serve", all);
  }

  /** Starts a program that prints its address once it is ready. */
  static ServerProcess start(String program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A heap of a fixed size, all of it resident: what grows is other memory.
    command.addAll(List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new ServerProcess(process, address(process));
  }

  private static String address(Process process) throws IOException {
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        drain(output);
        return address.group();
      }
      said.append(line).append(System.lineSeparator());
    }
    throw new IllegalStateException("the server ended before it was ready:\n" + said);
  }

  /** Shows what else the server says, so that it never waits for a reader. */
  private static void drain(BufferedReader output) {
    Thread reader = new Thread(() -> output.lines().forEach(System.out::println), "server-output");
    reader.setDaemon(true);
    reader.start();
  }

  String uri() {
    return uri;
  }

  long resident() throws IOException {
    return status("VmRSS:") / 1024;
  }

  long threads() throws IOException {
    return status("Threads:");
  }

  /** Returns the seconds of processors that the server has used. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      return open.count();
    }
  }

  private long status(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  /** Tells the server to end, as whoever replaces it does. */
  void end() {
    process.destroy();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "the server did not end within " + SECONDS_TO_END + " seconds");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
