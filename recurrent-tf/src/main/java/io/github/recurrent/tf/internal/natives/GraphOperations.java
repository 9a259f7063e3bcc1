package io.github.recurrent.tf.internal.natives;

import org.tensorflow.ConcreteFunction;
import org.tensorflow.ExecutionEnvironment;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.op.Ops;
import org.tensorflow.op.Scope;

/**
 * Makes operations of a graph, whose names are the same in every locale. TensorFlow's own have the
 * digits of the default locale, which the natives do not take.
 */
public final class GraphOperations implements ExecutionEnvironment {
  private final Graph graph;

  private GraphOperations(Graph graph) {
    this.graph = graph;
  }

  public static Ops of(Graph graph) {
    return Ops.create(new GraphOperations(graph));
  }

  @Override
  public Scope baseScope() {
    return PlainNames.of(graph);
  }

  @Override
  public OperationBuilder opBuilder(String type, String name, Scope scope) {
    return graph.opBuilder(type, name, scope);
  }

  @Override
  public void attachFunction(ConcreteFunction function) {
    graph.attachFunction(function);
  }

  @Override
  public void checkInput(Operation input) {
    graph.checkInput(input);
  }

  @Override
  public Types environmentType() {
    return graph.environmentType();
  }

  @Override
  public boolean isInitializer(Operation operation) {
    return graph.isInitializer(operation);
  }
}
