package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Parameters.Shape;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.TracedReasoner.Patch;
import io.github.recurrent.reasoning.spi.Patching;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The model written down as plainly as possible, in double precision and one row at a time: the
 * oracle that faster reasoners are compared with.
 */
public final class ReferenceReasoner implements TracedReasoner {
  private static final double MASK = -10_000;

  private final Checkpoint checkpoint;
  private final RecurrentDepthTransformer model;
  private final ImmutableMap<String, double[][]> weights;
  private volatile boolean closed;

  private ReferenceReasoner(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.model = checkpoint.model();
    this.weights =
        model.parameterShapes().entrySet().stream()
            .collect(
                ImmutableMap.toImmutableMap(
                    Map.Entry::getKey, entry -> weight(checkpoint, entry.getKey())));
  }

  /** Returns the reasoner of a checkpoint. */
  public static ReferenceReasoner of(Checkpoint checkpoint) {
    return new ReferenceReasoner(checkpoint);
  }

  @Override
  public RecurrentDepthTransformer model() {
    return model;
  }

  @Override
  public Vocabulary vocabulary() {
    return checkpoint.vocabulary();
  }

  @Override
  public ImmutableMap<String, String> provenance() {
    return checkpoint.provenance();
  }

  @Override
  public ImmutableList<Answer> answer(QueryBatch queries, Halting halting) {
    Trajectory trajectory = trajectory(queries, halting.atMost());
    return IntStream.range(0, queries.size())
        .mapToObj(
            row -> {
              int iteration = trajectory.haltingIteration(row, halting);
              Distribution whole = trajectory.distribution(iteration, row);
              return Answer.of(
                  vocabulary(),
                  halting.isAmongEntities() ? whole.restrictedTo(vocabulary()::isEntity) : whole,
                  iteration,
                  halting);
            })
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public Trajectory trajectory(QueryBatch queries, int iterations) {
    checkState(!closed, "this reasoner is closed");
    checkArgument(iterations >= 1, "iterations must be at least 1, but are %s", iterations);
    int[] readIndices = queries.readIndices(model);
    float[] logits = new float[iterations * queries.size() * model.vocabularySize()];
    double[] hiddenChanges = new double[iterations * queries.size()];
    for (int row = 0; row < queries.size(); row++) {
      List<double[]> states = layerStates(queries, row, readIndices[row], iterations);
      List<float[]> layers = states.stream().map(this::head).toList();
      for (int iteration = 1; iteration <= iterations; iteration++) {
        System.arraycopy(
            layers.get(model.effectiveDepth(iteration) - 1),
            0,
            logits,
            ((iteration - 1) * queries.size() + row) * model.vocabularySize(),
            model.vocabularySize());
        hiddenChanges[(iteration - 1) * queries.size() + row] =
            iteration == 1
                ? Double.POSITIVE_INFINITY
                : change(
                    states.get(model.effectiveDepth(iteration - 1) - 1),
                    states.get(model.effectiveDepth(iteration) - 1));
      }
    }
    return Trajectory.of(vocabulary(), iterations, queries.size(), logits, hiddenChanges);
  }

  /**
   * Returns the logits of a row at a position after every effective layer, the final layer norm and
   * the head applied to each.
   */
  public ImmutableList<float[]> layerLogits(
      QueryBatch queries, int row, int position, int iterations) {
    return layerStates(queries, row, position, iterations).stream()
        .map(this::head)
        .collect(ImmutableList.toImmutableList());
  }

  private static double change(double[] before, double[] now) {
    double[] from = centered(before);
    double[] to = centered(now);
    double[] difference = new double[from.length];
    Arrays.setAll(difference, i -> to[i] - from[i]);
    return norm(difference) / norm(from);
  }

  private static double[] centered(double[] x) {
    double mean = Arrays.stream(x).average().orElseThrow();
    return Arrays.stream(x).map(value -> value - mean).toArray();
  }

  private static double norm(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(value -> value * value).sum());
  }

  private ImmutableList<double[]> layerStates(
      QueryBatch queries, int row, int position, int iterations) {
    checkArgument(
        queries.vocabulary().equals(vocabulary()), "the queries are of another vocabulary");
    long[] ids = row(queries, row);
    double[][] embedded = embed(ids);
    double[][] hidden = copy(embedded);
    ImmutableList.Builder<double[]> states = ImmutableList.builder();
    for (int iteration = 1; iteration <= iterations; iteration++) {
      if (model.inputInjection() && iteration > 1) {
        add(hidden, embedded);
      }
      for (int layer = 0; layer < model.layers(); layer++) {
        block("blocks." + layer + ".", hidden, ids);
        states.add(hidden[position].clone());
      }
    }
    return states.build();
  }

  @Override
  public Trace trace(QueryBatch queries, int iterations) {
    checkState(!closed, "this reasoner is closed");
    checkArgument(iterations >= 1, "iterations must be at least 1, but are %s", iterations);
    checkArgument(
        queries.vocabulary().equals(vocabulary()), "the queries are of another vocabulary");
    int positions = Trace.positions(model, queries);
    List<float[]> states = new ArrayList<>();
    float[] embedded = new float[queries.size() * positions * model.width()];
    for (int row = 0; row < queries.size(); row++) {
      put(embed(row(queries, row, positions)), embedded, row);
    }
    states.add(embedded);
    for (int n = 0; n < model.effectiveDepth(iterations); n++) {
      states.add(next(queries, positions, states.get(n), n));
    }
    return Trace.of(model, queries, positions, states);
  }

  @Override
  public Trace patched(Trace run, List<Patch> patches) {
    checkState(!closed, "this reasoner is closed");
    checkArgument(run.model().equals(model), "a run of %s", run.model());
    int first = Patching.firstLayer(patches, run);
    List<float[]> states = new ArrayList<>();
    for (int n = first; n <= run.effectiveLayers(); n++) {
      float[] hidden =
          n == first
              ? run.states(first)
              : next(run.queries(), run.positions(), states.get(n - first - 1), n - 1);
      for (Patch patch : patches) {
        if (patch.layer() == n) {
          Patching.put(patch, hidden, run);
        }
      }
      states.add(hidden);
    }
    return run.with(first, states);
  }

  @Override
  public float[] logits(float[] states) {
    checkState(!closed, "this reasoner is closed");
    int width = model.width();
    checkArgument(states.length > 0 && states.length % width == 0, "%s values", states.length);
    float[] logits = new float[states.length / width * model.vocabularySize()];
    for (int n = 0; n < states.length / width; n++) {
      double[] state = new double[width];
      for (int i = 0; i < width; i++) {
        state[i] = states[n * width + i];
      }
      float[] row = head(state);
      System.arraycopy(row, 0, logits, n * row.length, row.length);
    }
    return logits;
  }

  private float[] next(QueryBatch queries, int positions, float[] states, int layersBefore) {
    float[] next = new float[states.length];
    for (int row = 0; row < queries.size(); row++) {
      long[] ids = row(queries, row, positions);
      double[][] hidden = new double[positions][model.width()];
      for (int i = 0; i < positions * model.width(); i++) {
        hidden[i / model.width()][i % model.width()] = states[row * positions * model.width() + i];
      }
      int layer = layersBefore % model.layers();
      if (model.inputInjection() && layersBefore > 0 && layer == 0) {
        add(hidden, embed(ids));
      }
      block("blocks." + layer + ".", hidden, ids);
      put(hidden, next, row);
    }
    return next;
  }

  private static void put(double[][] hidden, float[] states, int row) {
    int i = row * hidden.length * hidden[0].length;
    for (double[] state : hidden) {
      for (double value : state) {
        states[i++] = (float) value;
      }
    }
  }

  private long[] row(QueryBatch queries, int row, int positions) {
    return Arrays.copyOf(row(queries, row), positions);
  }

  private long[] row(QueryBatch queries, int row) {
    long[] padded = queries.paddedIds(model);
    int length = padded.length / queries.size();
    return Arrays.copyOfRange(padded, row * length, (row + 1) * length);
  }

  private double[][] embed(long[] ids) {
    double[][] tokens = matrix("token_embedding.weight");
    double[][] hidden = new double[ids.length][];
    for (int position = 0; position < ids.length; position++) {
      hidden[position] = tokens[(int) ids[position]].clone();
      if (model.positions() == PositionEncoding.LEARNED) {
        add(hidden[position], matrix("position_embedding.weight")[position]);
      } else if (model.positions() == PositionEncoding.SINUSOIDAL) {
        add(hidden[position], sinusoid(position));
      }
    }
    return hidden;
  }

  private double[] sinusoid(int position) {
    double[] values = new double[model.width()];
    for (int pair = 0; pair < model.width() / 2; pair++) {
      double angle = position * Math.exp(-Math.log(10_000) * 2 * pair / model.width());
      values[2 * pair] = Math.sin(angle);
      values[2 * pair + 1] = Math.cos(angle);
    }
    return values;
  }

  private void block(String name, double[][] hidden, long[] ids) {
    add(hidden, attention(name + "attn.", normalize(name + "ln_1", hidden), ids));
    double[][] wide = linear(name + "mlp.c_fc", normalize(name + "ln_2", hidden));
    for (double[] values : wide) {
      Arrays.setAll(values, i -> gelu(values[i]));
    }
    add(hidden, linear(name + "mlp.c_proj", wide));
  }

  private double[][] attention(String name, double[][] input, long[] ids) {
    double[][] fused = linear(name + "c_attn", input);
    double[][] mixed = new double[input.length][model.width()];
    for (int head = 0; head < model.heads(); head++) {
      int query = head * model.headWidth();
      int key = query + model.width();
      int value = key + model.width();
      for (int position = 0; position < input.length; position++) {
        double[] weights = new double[position + 1];
        for (int other = 0; other <= position; other++) {
          double score = 0;
          for (int i = 0; i < model.headWidth(); i++) {
            score += fused[position][query + i] * fused[other][key + i];
          }
          double bias =
              model.attentionSlopes().isEmpty()
                  ? 0
                  : -model.attentionSlopes().get(head) * (position - other);
          weights[other] =
              score / Math.sqrt(model.headWidth()) + bias + (ids[other] == 0 ? MASK : 0);
        }
        softmax(weights);
        for (int other = 0; other <= position; other++) {
          for (int i = 0; i < model.headWidth(); i++) {
            mixed[position][query + i] += weights[other] * fused[other][value + i];
          }
        }
      }
    }
    return linear(name + "c_proj", mixed);
  }

  private double[][] normalize(String name, double[][] input) {
    return Arrays.stream(input).map(x -> normalize(name, x)).toArray(double[][]::new);
  }

  private double[] normalize(String name, double[] x) {
    double[] weight = vector(name + ".weight");
    double[] bias = vector(name + ".bias");
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double scale = 1 / Math.sqrt(variance + RecurrentDepthTransformer.LAYER_NORM_EPSILON);
    return IntStream.range(0, x.length)
        .mapToDouble(i -> (x[i] - mean) * scale * weight[i] + bias[i])
        .toArray();
  }

  private double[][] linear(String name, double[][] input) {
    double[][] weight = matrix(name + ".weight");
    double[] bias = vector(name + ".bias");
    double[][] output = new double[input.length][];
    for (int row = 0; row < input.length; row++) {
      output[row] = bias.clone();
      for (int i = 0; i < weight.length; i++) {
        for (int j = 0; j < bias.length; j++) {
          output[row][j] += input[row][i] * weight[i][j];
        }
      }
    }
    return output;
  }

  private float[] head(double[] hidden) {
    double[] normal = normalize("ln_f", hidden);
    double[][] tokens = matrix("token_embedding.weight");
    float[] logits = new float[tokens.length];
    for (int id = 0; id < tokens.length; id++) {
      double logit = 0;
      for (int i = 0; i < normal.length; i++) {
        logit += normal[i] * tokens[id][i];
      }
      logits[id] = (float) logit;
    }
    return logits;
  }

  private static void softmax(double[] scores) {
    double max = Arrays.stream(scores).max().orElseThrow();
    Arrays.setAll(scores, i -> Math.exp(scores[i] - max));
    double sum = Arrays.stream(scores).sum();
    Arrays.setAll(scores, i -> scores[i] / sum);
  }

  private static double gelu(double x) {
    return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  private static void add(double[][] sum, double[][] addend) {
    for (int row = 0; row < sum.length; row++) {
      add(sum[row], addend[row]);
    }
  }

  private static void add(double[] sum, double[] addend) {
    Arrays.setAll(sum, i -> sum[i] + addend[i]);
  }

  private static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }

  private static double[][] weight(Checkpoint checkpoint, String name) {
    Shape shape = requireNonNull(checkpoint.parameters().shapes().get(name), name);
    FloatBuffer values = checkpoint.parameters().values(name);
    int columns = shape.size(shape.rank() - 1);
    double[][] rows = new double[shape.size() / columns][columns];
    for (double[] row : rows) {
      Arrays.setAll(row, i -> values.get());
    }
    return rows;
  }

  private double[] vector(String name) {
    return matrix(name)[0];
  }

  private double[][] matrix(String name) {
    return requireNonNull(weights.get(name), name);
  }

  @Override
  public void close() {
    closed = true;
  }
}
