package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.onnx.internal.graph.WeightFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A graph in ONNX Runtime, with one copy of its weights for all its users. Thread-safe, except that
 * no user may close it during a run of their own.
 */
final class RuntimeSession implements StepRunner, AutoCloseable {
  private final OrtSession session;
  private final ImmutableMap<String, String> runEntries;
  private final AtomicInteger users = new AtomicInteger(1);

  private RuntimeSession(OrtSession session, ImmutableMap<String, String> runEntries) {
    this.session = session;
    this.runEntries = runEntries;
  }

  /** Opens a graph whose weights are beside it. */
  static RuntimeSession open(Path file, ExecutionOptions execution) throws IOException {
    return open(new ExportedGraph(file, file.resolveSibling(WeightFile.NAME)), execution);
  }

  static RuntimeSession open(ExportedGraph graph, ExecutionOptions execution) throws IOException {
    return open(graph, execution, execution.callThreads());
  }

  /**
   * Opens a session that several calls use at once.
   *
   * @param threads those of each call
   */
  static RuntimeSession open(ExportedGraph graph, ExecutionOptions execution, int threads)
      throws IOException {
    OrtEnvironment environment = NativeRuntime.load();
    try (SessionOptions options = new SessionOptions()) {
      // Its own default is one thread on some virtual machines of several processors.
      options.setIntraOpNumThreads(threads);
      options.setSessionLogLevel(NativeRuntime.LOGGED);
      options.setCPUArenaAllocator(execution.cpuMemory() != ExecutionOptions.CpuMemory.RETURNED);
      for (Map.Entry<String, String> entry : execution.sessionEntries().entrySet()) {
        options.addConfigEntry(entry.getKey(), entry.getValue());
      }
      if (execution.cudaDevice().isPresent()) {
        CudaProvider.add(options, execution.cudaDevice().getAsInt(), execution.cudaOptions());
      }
      return new RuntimeSession(graph.open(environment, options), execution.runEntries());
    } catch (OrtException e) {
      if (execution.cudaDevice().isPresent() && String.valueOf(e.getMessage()).contains("CUDA")) {
        throw CudaProvider.failure(execution.cudaDevice().getAsInt(), e);
      }
      throw new FileFormatException(graph.file(), "ONNX Runtime refuses it: " + e.getMessage(), e);
    }
  }

  @Override
  public void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs)
      throws OrtException {
    run(inputs, Set.of(), outputs).close();
  }

  /** Runs the graph for one of its outputs; the result must be closed. */
  OrtSession.Result run(Map<String, OnnxTensor> inputs, String output) throws OrtException {
    return run(inputs, Set.of(output), Map.of());
  }

  private OrtSession.Result run(
      Map<String, OnnxTensor> inputs, Set<String> wanted, Map<String, OnnxTensor> outputs)
      throws OrtException {
    if (runEntries.isEmpty()) {
      return session.run(inputs, wanted, outputs);
    }
    try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
      for (Map.Entry<String, String> entry : runEntries.entrySet()) {
        options.addRunConfigEntry(entry.getKey(), entry.getValue());
      }
      return session.run(inputs, wanted, outputs, options);
    }
  }

  /**
   * Returns this session for another user, who closes it too.
   *
   * @throws IllegalStateException if all users have closed it
   */
  RuntimeSession share() {
    int before = users.getAndUpdate(count -> count == 0 ? 0 : count + 1);
    if (before == 0) {
      throw new IllegalStateException("the session is closed");
    }
    return this;
  }

  /** Ends the session when its last user closes it; every user does so once. */
  @Override
  public void close() {
    if (users.decrementAndGet() > 0) {
      return;
    }
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed to close: " + e.getMessage(), e);
    }
  }
}
