package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.github.recurrent.onnx.internal.graph.StepGraph;
import java.util.Map;

/** Runs {@link StepGraph}. */
interface StepRunner {
  /** Runs the graph, which puts some of its outputs into tensors. */
  void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) throws OrtException;
}
