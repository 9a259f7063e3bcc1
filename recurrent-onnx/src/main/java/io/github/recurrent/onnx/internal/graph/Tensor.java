package io.github.recurrent.onnx.internal.graph;

/**
 * A tensor in a graph: the input, the initializer or the result of a node that has this name.
 *
 * @param name unique in the graph and all graphs within it
 */
public record Tensor(String name) {}
