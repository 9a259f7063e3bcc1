package io.github.recurrent.tf.internal.graph;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.annotations.VisibleForTesting;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Trajectory;
import io.github.recurrent.tf.AdamW;
import io.github.recurrent.tf.Dropout;
import io.github.recurrent.tf.internal.natives.GraphOperations;
import io.github.recurrent.tf.internal.natives.Natives;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.SoftmaxCrossEntropyWithLogits;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * A model in training: its parameters and optimizer state in native memory, and one training node
 * for each number of iterations of its recurrences. Not thread-safe.
 */
public final class TrainingGraph implements AutoCloseable {
  private final RecurrentDepthTransformer model;
  private final AdamW optimizer;
  private final double labelSmoothing;
  private final Graph graph = Natives.graph();
  private final Session session;
  private final Ops tf = GraphOperations.of(graph);
  private final Kernels kernels;
  private final Variable parameters;
  private final Variable firstMoments;
  private final Variable secondMoments;
  private final ImmutableMap<String, Operand<TFloat32>> byName;
  private final FoldedWeights weights;
  private final BatchInputs inputs;
  private final TargetInputs targets;
  private final Operand<TInt64> dropoutSeed;
  private final Operand<TFloat32> rates;
  private final UnrolledModel training;
  private final UnrolledModel inference;
  private final ImmutableMap<Integer, Update> updates;
  private final ImmutableSortedMap<Integer, Operand<TFloat32>> logits;
  private final boolean readsEveryIteration;

  private record Update(Operand<TFloat32> loss, Op apply, Operand<TFloat32> gradient) {}

  /**
   * @param sessions opens the session that runs the graph, or closes the graph and fails
   */
  public TrainingGraph(
      TrainedFunction function, Function<Graph, Session> sessions, Parameters initial) {
    model = function.model();
    optimizer = function.optimizer();
    labelSmoothing = function.labelSmoothing();
    session = sessions.apply(graph);
    kernels = new Kernels(tf, function.precision());
    Shape flat = Shape.of(model.parameterCount());
    parameters = new Variable(tf, "parameters", flat);
    firstMoments = new Variable(tf, "first moments", flat);
    secondMoments = new Variable(tf, "second moments", flat);
    byName = FlatParameters.split(model, tf, parameters.value());
    weights = WeightFolding.fold(model, kernels, byName);
    inputs = new BatchInputs(model, tf);
    targets = new TargetInputs(tf, model.vocabularySize(), function.learnsAllAnswers());
    dropoutSeed = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));
    rates = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(Rates.COUNT)));
    inference =
        new UnrolledModel(
            model, kernels, weights, inputs, new DropoutMasks(Dropout.none(), tf, dropoutSeed));
    training =
        function.dropout().equals(Dropout.none())
            ? inference
            : new UnrolledModel(
                model,
                kernels,
                weights,
                inputs,
                new DropoutMasks(function.dropout(), tf, dropoutSeed));
    // All at once, in one order: TensorFlow's optimizer may order sums by the names of nodes, and
    // these must not depend on what was used first if a resumed run is to repeat every bit.
    ImmutableMap.Builder<Integer, Update> byIterations = ImmutableMap.builder();
    for (int iterations : trained(function.recurrences())) {
      byIterations.put(iterations, build(iterations));
    }
    updates = byIterations.buildOrThrow();
    readsEveryIteration = function.readsEveryIteration();
    ImmutableSortedMap.Builder<Integer, Operand<TFloat32>> read = ImmutableSortedMap.naturalOrder();
    for (int iterations : read(function.recurrences())) {
      read.put(iterations, inference.pass(iterations).logits());
    }
    logits = read.buildOrThrow();
    setParameters(FlatParameters.flatten(model, initial));
    resetOptimizer();
  }

  private static ImmutableSortedSet<Integer> trained(Set<Recurrence> recurrences) {
    return recurrences.stream()
        .flatMap(each -> IntStream.rangeClosed(each.min(), each.max()).boxed())
        .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
  }

  private ImmutableSortedSet<Integer> read(Set<Recurrence> recurrences) {
    return recurrences.stream()
        .map(Recurrence::max)
        .flatMap(most -> IntStream.rangeClosed(readsEveryIteration ? 1 : most, most).boxed())
        .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
  }

  /** Sets the optimizer's moments to zero. */
  public void resetOptimizer() {
    float[] zeros = new float[Math.toIntExact(model.parameterCount())];
    firstMoments.set(session, zeros);
    secondMoments.set(session, zeros);
  }

  public void setMoments(Parameters first, Parameters second) {
    firstMoments.set(session, FlatParameters.flatten(model, first));
    secondMoments.set(session, FlatParameters.flatten(model, second));
  }

  public void setParameters(float[] flat) {
    parameters.set(session, flat);
  }

  public Parameters parameters() {
    return FlatParameters.unflatten(model, parameters.get(session));
  }

  public Parameters firstMoments() {
    return FlatParameters.unflatten(model, firstMoments.get(session));
  }

  public Parameters secondMoments() {
    return FlatParameters.unflatten(model, secondMoments.get(session));
  }

  /**
   * Makes one update.
   *
   * @param answers one a row, unless the function learns all
   * @param optimizerStep the number of updates since the optimizer was made fresh, this one
   *     included
   * @param dropout the seed of this step's dropout
   * @return the mean loss of the batch before the update, in nats
   */
  public float step(
      PackedBatch batch,
      Targets answers,
      int iterations,
      double learningRate,
      long optimizerStep,
      Seed dropout) {
    Update update = update(iterations);
    float[] now = Rates.of(optimizer, learningRate, optimizerStep);
    try (Result result =
        run(batch, answers, now, dropout, update.loss(), ImmutableList.of(update.apply()))) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  private Update update(int iterations) {
    Update update = updates.get(iterations);
    checkArgument(update != null, "the model is not trained with %s iterations", iterations);
    return update;
  }

  /** Returns the loss that {@link #step} would return, without an update. */
  @VisibleForTesting
  public float loss(PackedBatch batch, Targets answers, int iterations, Seed dropout) {
    Update update = update(iterations);
    try (Result result =
        run(
            batch,
            answers,
            Rates.of(optimizer, 0, 1),
            dropout,
            update.loss(),
            ImmutableList.of())) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  /** Returns the gradient of {@link #loss} by all parameters one after another. */
  @VisibleForTesting
  public float[] gradient(PackedBatch batch, Targets answers, int iterations, Seed dropout) {
    Update update = update(iterations);
    try (Result result =
        run(
            batch,
            answers,
            Rates.of(optimizer, 0, 1),
            dropout,
            update.gradient(),
            ImmutableList.of())) {
      return Floats.of((TFloat32) result.get(0));
    }
  }

  private Result run(
      PackedBatch batch,
      Targets answers,
      float[] now,
      Seed dropout,
      Operand<TFloat32> fetched,
      List<Op> alsoRun) {
    Session.Runner runner = session.runner().fetch(fetched);
    alsoRun.forEach(runner::addTarget);
    List<Tensor> tensors = inputs.tensors(batch);
    inputs.feed(runner, tensors);
    List<Tensor> answerTensors = targets.tensors(answers);
    targets.feed(runner, answerTensors);
    try (TFloat32 rateTensor = TFloat32.tensorOf(Shape.of(now.length), DataBuffers.of(now));
        TInt64 seedTensor = TInt64.tensorOf(Shape.of(2), DataBuffers.of(dropout.value(), 0L))) {
      return runner.feed(rates, rateTensor).feed(dropoutSeed, seedTensor).run();
    } finally {
      tensors.forEach(Tensor::close);
      answerTensors.forEach(Tensor::close);
    }
  }

  /**
   * Returns the logits after a number of iterations, as a trajectory of one; if the function reads
   * every iteration, those after each up to this number.
   *
   * @param iterations the most of a recurrence of the function
   */
  public Trajectory trajectory(PackedBatch batch, int iterations) {
    checkArgument(
        logits.containsKey(iterations), "the model is not read after %s iterations", iterations);
    ImmutableList<Operand<TFloat32>> fetched =
        logits
            .subMap(readsEveryIteration ? 1 : iterations, true, iterations, true)
            .values()
            .asList();
    Session.Runner runner = session.runner();
    List<Tensor> fed = inputs.tensors(batch);
    inputs.feed(runner, fed);
    fetched.forEach(runner::fetch);
    try (Result result = runner.run()) {
      int size = batch.rows() * model.vocabularySize();
      float[] all = new float[fetched.size() * size];
      for (int index = 0; index < fetched.size(); index++) {
        System.arraycopy(Floats.of((TFloat32) result.get(index)), 0, all, index * size, size);
      }
      return Trajectory.of(fetched.size(), batch.rows(), model.vocabularySize(), all);
    } finally {
      fed.forEach(Tensor::close);
    }
  }

  private Update build(int iterations) {
    UnrolledModel.Pass pass = training.pass(iterations);
    float smoothing = (float) labelSmoothing;
    SoftmaxCrossEntropyWithLogits<TFloat32> crossEntropy =
        tf.nn.softmaxCrossEntropyWithLogits(
            pass.logits(), targets.distribution(inputs.rows(), smoothing));
    GradientSums sums = new GradientSums(tf);
    pass.backward(
        tf.math.div(crossEntropy.backprop(), tf.dtypes.cast(inputs.rows(), TFloat32.class)), sums);
    Operand<TFloat32> gradient = clipped(flatGradient(iterations, sums));
    return new Update(tf.math.mean(crossEntropy.loss(), tf.constant(0)), apply(gradient), gradient);
  }

  /** Leads the gradients of the folded weights back to the parameters. */
  private Operand<TFloat32> flatGradient(int iterations, GradientSums sums) {
    List<Output<?>> folded = new ArrayList<>();
    List<Output<?>> seeds = new ArrayList<>();
    for (Operand<TFloat32> weight : weights.all()) {
      if (sums.contains(weight)) {
        folded.add(weight.asOutput());
        seeds.add(sums.sum(weight).asOutput());
      }
    }
    Output<?>[] gradients =
        graph.addGradients(
            "fold" + iterations,
            folded.toArray(new Output<?>[0]),
            byName.values().stream().map(Operand::asOutput).toArray(Output<?>[]::new),
            seeds.toArray(new Output<?>[0]));
    List<Operand<TFloat32>> flat = new ArrayList<>();
    for (Output<?> gradient : gradients) {
      flat.add(tf.reshape(gradient.expect(TFloat32.class), tf.constant(new int[] {-1})));
    }
    return tf.concat(flat, tf.constant(0));
  }

  private Operand<TFloat32> clipped(Operand<TFloat32> gradient) {
    if (optimizer.clipNorm().isEmpty()) {
      return gradient;
    }
    Operand<TFloat32> norm = tf.math.sqrt(tf.math.mul(tf.nn.l2Loss(gradient), tf.constant(2f)));
    Operand<TFloat32> factor =
        tf.math.minimum(
            tf.constant(1f),
            tf.math.div(
                tf.constant((float) optimizer.clipNorm().getAsDouble()),
                tf.math.add(norm, tf.constant(1e-6f))));
    return tf.math.mul(gradient, factor);
  }

  private Op apply(Operand<TFloat32> gradient) {
    Op decayed =
        tf.withControlDependencies(List.of(gradient))
            .train
            .resourceApplyGradientDescent(
                parameters.handle(), rate(Rates.DECAY), parameters.value());
    return tf.withControlDependencies(List.of(decayed))
        .train
        .resourceApplyAdam(
            parameters.handle(),
            firstMoments.handle(),
            secondMoments.handle(),
            rate(Rates.BETA1_POWER),
            rate(Rates.BETA2_POWER),
            rate(Rates.LEARNING_RATE),
            tf.constant((float) optimizer.beta1()),
            tf.constant((float) optimizer.beta2()),
            rate(Rates.EPSILON),
            gradient);
  }

  private Operand<TFloat32> rate(int index) {
    return tf.gather(rates, tf.constant(index), tf.constant(0));
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
