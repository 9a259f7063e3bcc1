package io.github.recurrent.tf.internal.graph;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.Dropout;
import io.github.recurrent.tf.Precision;
import io.github.recurrent.tf.internal.natives.GraphOperations;
import io.github.recurrent.tf.internal.natives.Natives;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** A model that runs one iteration at a time; the hidden state stays in native memory between. */
public final class SteppedModel implements AutoCloseable {
  private final RecurrentDepthTransformer model;
  private final Graph graph = Natives.graph();
  private final Session session;
  private final BatchInputs inputs;
  private final Operand<TFloat32> carried;
  private final Iteration first;
  private final Iteration next;

  private record Iteration(
      Operand<TFloat32> state, Operand<TFloat32> read, Operand<TFloat32> logits) {}

  /**
   * @param sessions opens the session that runs the graph, or closes the graph and fails
   */
  public SteppedModel(
      RecurrentDepthTransformer model,
      Parameters parameters,
      Precision precision,
      Function<Graph, Session> sessions) {
    this.model = model;
    session = sessions.apply(graph);
    Ops tf = GraphOperations.of(graph);
    Kernels kernels = new Kernels(tf, precision);
    FoldedWeights weights = weights(parameters, kernels);
    inputs = new BatchInputs(model, tf);
    Operand<TFloat32> embedded = weights.embed(kernels, inputs);
    carried =
        tf.placeholder(
            TFloat32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE, model.width())));
    first = iteration(kernels, weights, embedded);
    next =
        iteration(
            kernels, weights, model.inputInjection() ? tf.math.add(carried, embedded) : carried);
  }

  /** Folds the parameters once, into variables. */
  private FoldedWeights weights(Parameters parameters, Kernels kernels) {
    Ops tf = kernels.tf();
    float[] flat = FlatParameters.flatten(model, parameters);
    Operand<TFloat32> given =
        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(flat.length)));
    List<Op> assignments = new ArrayList<>();
    FoldedWeights kept =
        WeightFolding.fold(model, kernels, FlatParameters.split(model, tf, given))
            .map(
                folded -> {
                  Operand<? extends TType> handle =
                      Variable.handle(tf, "weight " + assignments.size(), folded.shape());
                  assignments.add(tf.assignVariableOp(handle, folded));
                  return tf.readVariableOp(handle, TFloat32.class);
                });
    try (TFloat32 values = TFloat32.tensorOf(Shape.of(flat.length), DataBuffers.of(flat))) {
      Session.Runner runner = session.runner().feed(given, values);
      assignments.forEach(runner::addTarget);
      runner.run().close();
    }
    return kept;
  }

  private Iteration iteration(Kernels kernels, FoldedWeights weights, Operand<TFloat32> input) {
    Ops tf = kernels.tf();
    DropoutMasks none = new DropoutMasks(Dropout.none(), tf, tf.constant(new long[] {0, 0}));
    Operand<TFloat32> state = input;
    for (int layer = 0; layer < model.layers(); layer++) {
      state =
          new Block(model, kernels, weights.blocks().get(layer), inputs, none, layer, false, state)
              .output();
    }
    Operand<TFloat32> read = inputs.readRows(state);
    return new Iteration(state, read, new Readout(kernels, weights, read).logits());
  }

  /** Begins a run over a batch; it must be closed. */
  public Run run(PackedBatch batch) {
    return new Run(batch);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }

  /** A batch on its way through the iterations. Not thread-safe; runs are independent. */
  public final class Run implements AutoCloseable {
    private final ImmutableList<Tensor> fed;
    private @Nullable Result last;

    private Run(PackedBatch batch) {
      fed = inputs.tensors(batch);
    }

    /** Runs one more iteration. */
    public void iterate() {
      Session.Runner runner = session.runner();
      inputs.feed(runner, fed);
      Iteration iteration = first;
      if (last != null) {
        runner.feed(carried, last.get(0));
        iteration = next;
      }
      Result result =
          runner.fetch(iteration.state()).fetch(iteration.logits()).fetch(iteration.read()).run();
      closeLast();
      last = result;
    }

    /** Returns the logits after the last iteration, {@code [rows, vocabulary]}. */
    public float[] logits() {
      return Floats.of((TFloat32) Objects.requireNonNull(last).get(1));
    }

    /** Returns the states of the read tokens after the last iteration, {@code [rows, width]}. */
    public float[] readStates() {
      return Floats.of((TFloat32) Objects.requireNonNull(last).get(2));
    }

    private void closeLast() {
      if (last != null) {
        last.close();
        last = null;
      }
    }

    @Override
    public void close() {
      closeLast();
      fed.forEach(Tensor::close);
    }
  }
}
