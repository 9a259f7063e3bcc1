package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.internal.graph.AdaptiveGraph;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a server that knows nothing of this library does with {@code model.onnx}, to compare with:
 * one call of ONNX Runtime for a batch of queries, padded to the longest.
 */
public final class AdaptiveCall implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final ModelMetadata metadata;
  private final OrtSession session;

  private AdaptiveCall(ExportedModel exported, int threads) throws OrtException {
    metadata = exported.metadata();
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      session = environment.createSession(exported.model().toString(), options);
    }
  }

  /** Loads the graph of an exported folder. */
  public static AdaptiveCall load(Path folder, int threads) throws IOException {
    try {
      return new AdaptiveCall(ExportedModel.read(folder), threads);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Answers queries under thresholds. */
  public List<Answer> answer(List<Query> queries, Halting halting) {
    int rows = queries.size();
    long[] ids = QueryBatch.of(metadata.vocabulary(), queries).paddedIds(metadata.model());
    long[] shape = {rows, ids.length / rows};
    int size = metadata.vocabulary().size();
    try (OnnxTensor input = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
        OnnxTensor most = OnnxTensor.createTensor(environment, (long) halting.atMost());
        OnnxTensor least = OnnxTensor.createTensor(environment, (long) halting.atLeast());
        OnnxTensor kl =
            OnnxTensor.createTensor(environment, threshold(halting, halting.klThreshold()));
        OnnxTensor entropy =
            OnnxTensor.createTensor(environment, threshold(halting, halting.entropyThreshold()));
        OrtSession.Result result =
            session.run(
                Map.of(
                    AdaptiveGraph.IDS, input,
                    AdaptiveGraph.MAX_ITERATIONS, most,
                    AdaptiveGraph.MIN_ITERATIONS, least,
                    AdaptiveGraph.KL_THRESHOLD, kl,
                    AdaptiveGraph.ENTROPY_THRESHOLD, entropy))) {
      float[] logits = tensor(result, AdaptiveGraph.LOGITS).getFloatBuffer().array();
      long[] iterations = tensor(result, AdaptiveGraph.ITERATIONS).getLongBuffer().array();
      ImmutableList.Builder<Answer> answers = ImmutableList.builder();
      for (int row = 0; row < rows; row++) {
        Distribution distribution =
            Distribution.ofLogits(Arrays.copyOfRange(logits, row * size, (row + 1) * size));
        answers.add(Answer.of(metadata.vocabulary(), distribution, (int) iterations[row], halting));
      }
      return answers.build();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns what the graph takes for a threshold: what never holds if no row may halt by it. */
  static float threshold(Halting halting, OptionalDouble threshold) {
    return halting.isFixed()
        ? Float.NEGATIVE_INFINITY
        : (float) threshold.orElse(Double.POSITIVE_INFINITY);
  }

  private static OnnxTensor tensor(OrtSession.Result result, String name) {
    return (OnnxTensor) result.get(name).orElseThrow();
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
