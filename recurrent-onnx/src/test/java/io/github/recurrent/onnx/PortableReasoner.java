package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs {@code model.onnx} and {@code trajectory.onnx} as any program with an ONNX runtime would:
 * one call, padded rows, the documented inputs. They do not tell the hidden state.
 */
final class PortableReasoner implements Reasoner {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final ModelMetadata metadata;
  private final OrtSession model;
  private final OrtSession trajectory;
  private boolean closed;

  private PortableReasoner(ModelMetadata metadata, OrtSession model, OrtSession trajectory) {
    this.metadata = metadata;
    this.model = model;
    this.trajectory = trajectory;
  }

  static PortableReasoner load(Path folder) throws IOException, OrtException {
    return new PortableReasoner(
        ExportedModel.read(folder).metadata(),
        ENVIRONMENT.createSession(folder.resolve("model.onnx").toString()),
        ENVIRONMENT.createSession(folder.resolve("trajectory.onnx").toString()));
  }

  @Override
  public RecurrentDepthTransformer model() {
    return metadata.model();
  }

  @Override
  public Vocabulary vocabulary() {
    return metadata.vocabulary();
  }

  @Override
  public ImmutableList<Answer> answer(QueryBatch queries, Halting halting) {
    if (!halting.isPortable()) {
      Trajectory all = trajectory(queries, halting.atMost());
      ImmutableList.Builder<Answer> answers = ImmutableList.builder();
      for (int row = 0; row < queries.size(); row++) {
        int iteration = all.haltingIteration(row, halting);
        answers.add(Answer.of(vocabulary(), all.distribution(iteration, row), iteration, halting));
      }
      return answers.build();
    }
    Map<String, Object> inputs = ids(queries);
    inputs.put("max_iterations", (long) halting.atMost());
    inputs.put("min_iterations", (long) halting.atLeast());
    inputs.put("kl_threshold", AdaptiveCall.threshold(halting, halting.klThreshold()));
    inputs.put("entropy_threshold", AdaptiveCall.threshold(halting, halting.entropyThreshold()));
    try (OrtSession.Result result = run(model, inputs)) {
      float[] logits = tensor(result, "logits").getFloatBuffer().array();
      long[] iterations = tensor(result, "iterations").getLongBuffer().array();
      int size = vocabulary().size();
      ImmutableList.Builder<Answer> answers = ImmutableList.builder();
      for (int row = 0; row < queries.size(); row++) {
        Distribution distribution =
            Distribution.ofLogits(Arrays.copyOfRange(logits, row * size, (row + 1) * size));
        answers.add(Answer.of(vocabulary(), distribution, (int) iterations[row], halting));
      }
      return answers.build();
    }
  }

  @Override
  public Trajectory trajectory(QueryBatch queries, int iterations) {
    if (iterations < 1) {
      throw new IllegalArgumentException("iterations must be at least 1, but are " + iterations);
    }
    Map<String, Object> inputs = ids(queries);
    inputs.put("iterations", (long) iterations);
    try (OrtSession.Result result = run(trajectory, inputs)) {
      return Trajectory.of(
          iterations,
          queries.size(),
          vocabulary().size(),
          tensor(result, "logits").getFloatBuffer().array());
    }
  }

  private Map<String, Object> ids(QueryBatch queries) {
    if (!queries.vocabulary().equals(vocabulary())) {
      throw new IllegalArgumentException("the queries are of another vocabulary");
    }
    long[] ids = queries.paddedIds(model());
    Map<String, Object> inputs = new HashMap<>();
    long[][] rows = new long[queries.size()][ids.length / queries.size()];
    LongBuffer source = LongBuffer.wrap(ids);
    for (long[] row : rows) {
      source.get(row);
    }
    inputs.put("input_ids", rows);
    return inputs;
  }

  private OrtSession.Result run(OrtSession session, Map<String, Object> inputs) {
    if (closed) {
      throw new IllegalStateException("this reasoner is closed");
    }
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      for (Map.Entry<String, Object> input : inputs.entrySet()) {
        tensors.put(input.getKey(), OnnxTensor.createTensor(ENVIRONMENT, input.getValue()));
      }
      return session.run(tensors);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(OrtSession.Result result, String name) {
    return (OnnxTensor) result.get(name).orElseThrow();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      model.close();
      trajectory.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
