package io.github.recurrent.tf.internal.natives;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.DeviceSpec;
import org.tensorflow.ExecutionEnvironment;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.op.OpScope;
import org.tensorflow.op.Scope;

/**
 * A scope that names operations as TensorFlow's own does in an English locale: {@code Const},
 * {@code Const_1}, {@code Const_2}. It must be the only one that names operations of its graph.
 */
final class PlainNames implements Scope {
  private final Scope scope;
  private final String prefix;
  private final @Nullable String name;

  /** How many operations have a name, the same for all scopes of a prefix. */
  private final Map<String, Integer> counts;

  private PlainNames(
      Scope scope, String prefix, @Nullable String name, Map<String, Integer> counts) {
    this.scope = scope;
    this.prefix = prefix;
    this.name = name;
    this.counts = counts;
  }

  static Scope of(Graph graph) {
    return new PlainNames(new OpScope(graph), "", null, new HashMap<>());
  }

  private PlainNames with(Scope changed) {
    return new PlainNames(changed, prefix, name, counts);
  }

  @Override
  public ExecutionEnvironment env() {
    return scope.env();
  }

  @Override
  public String makeOpName(String defaultName) {
    return prefix + makeUnique(name == null ? defaultName : name);
  }

  @Override
  public String makeUnique(String id) {
    int before = counts.merge(id, 1, Integer::sum) - 1;
    return before == 0 ? id : id + "_" + before;
  }

  @Override
  public Scope withName(String operation) {
    return new PlainNames(scope, prefix, operation, counts);
  }

  @Override
  public Scope withSubScope(String child) {
    return new PlainNames(scope, makeOpName(child) + "/", null, new HashMap<>());
  }

  @Override
  public Scope withNameAsSubScope(String defaultName) {
    return withSubScope(defaultName);
  }

  @Override
  public Scope withDevice(DeviceSpec device) {
    return with(scope.withDevice(device));
  }

  @Override
  public Scope withInitScope() {
    return with(scope.withInitScope());
  }

  @Override
  public Scope withControlDependencyOps(Iterable<Operation> dependencies) {
    return with(scope.withControlDependencyOps(dependencies));
  }

  /** Does nothing: no operation comes into the graph by another way. */
  @Override
  public void refreshNames() {}

  @Override
  public OperationBuilder apply(OperationBuilder builder) {
    return scope.apply(builder);
  }

  @Override
  public String getDeviceString() {
    return scope.getDeviceString();
  }

  @Override
  public boolean isInit() {
    return scope.isInit();
  }
}
