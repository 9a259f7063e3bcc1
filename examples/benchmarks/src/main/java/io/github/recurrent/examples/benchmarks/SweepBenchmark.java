package io.github.recurrent.examples.benchmarks;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What queries of 2 to 40 hops would be answered after each of 1 to 40 iterations: from one
 * trajectory, beside a run for every number of iterations. Run it on an idle machine.
 *
 * <p>With the {@linkplain ServedModel laptop's model} it is a whole test set, 750 queries of every
 * number of hops, in a quarter of an hour; and a few queries with a model of the paper's size.
 *
 * <p>Usage: {@code SweepBenchmark [seed]}; {@code -Dcompared=40} compares the two ways over fewer
 * queries of every number of hops than all.
 */
public class SweepBenchmark {
  private static final int HOPS = 40;
  private static final int WHOLE = 750;
  private static final int ITERATIONS = 40;

  /** A loaded model and queries. */
  @State(Scope.Benchmark)
  public static class Work {
    @Param("")
    String folder;

    @Param("750")
    int queriesPerHop;

    /** By how much numbers of hops differ. */
    @Param("1")
    int step;

    private OnnxReasoner reasoner;
    private QueryBatch batch;

    /** Loads the model. */
    @Setup(Level.Trial)
    public void open() throws IOException {
      reasoner = OnnxReasoner.load(Path.of(folder), AllCores.EXECUTION);
      int entities = reasoner.vocabulary().entities();
      int relations = reasoner.vocabulary().relations();
      List<Query> queries = new ArrayList<>();
      for (int hops = 2; hops <= HOPS; hops += step) {
        queries.addAll(
            RandomQueries.of(
                queriesPerHop, hops, hops, entities, relations, Seed.of(42).child("hops", hops)));
      }
      batch = QueryBatch.of(reasoner.vocabulary(), queries);
    }

    /** Closes the model. */
    @TearDown(Level.Trial)
    public void close() {
      reasoner.close();
    }
  }

  /** One run of all iterations. */
  @Benchmark
  public Trajectory trajectory(Work work) {
    return work.reasoner.trajectory(work.batch, ITERATIONS);
  }

  /** A run for every number of iterations. */
  @Benchmark
  public List<Answer> separate(Work work) {
    List<Answer> answers = ImmutableList.of();
    for (int iterations = 1; iterations <= ITERATIONS; iterations++) {
      answers = work.reasoner.answer(work.batch, Halting.fixed(iterations));
    }
    return answers;
  }

  /**
   * Runs the benchmark.
   *
   * @throws IOException if the model cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    long seed = Arguments.of(arguments).seed();
    Ceiling ceiling = Ceiling.measure();
    System.out.println(ceiling + "\n");
    Path laptop = ServedModel.export(seed, 1, ServedModel.checkpoint(seed).model().layers());
    int compared = Integer.getInteger("compared", WHOLE);
    double whole = run("trajectory", laptop, WHOLE, 1, ceiling);
    double trajectory = compared == WHOLE ? whole : run("trajectory", laptop, compared, 1, ceiling);
    print(run("separate", laptop, compared, 1, ceiling), trajectory);
    try (PaperSizeModel model = PaperSizeModel.write(seed, List.of())) {
      Path paper = PaperSizeModel.exported(model.folder());
      double one = run("trajectory", paper, 1, 4, ceiling);
      print(run("separate", paper, 1, 4, ceiling), one);
    }
  }

  private static void print(double separate, double trajectory) {
    System.out.printf(
        Locale.ROOT, "the separate runs took %.1f times as long%n%n", separate / trajectory);
  }

  private static double run(
      String benchmark, Path folder, int queriesPerHop, int step, Ceiling ceiling)
      throws IOException {
    RecurrentDepthTransformer model;
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder, AllCores.EXECUTION)) {
      model = reasoner.model();
    }
    double seconds =
        Objects.requireNonNull(
                BenchmarkCell.of(
                        SweepBenchmark.class,
                        ImmutableMap.of(
                            "folder", folder, "queriesPerHop", queriesPerHop, "step", step))
                    .only(benchmark)
                    .singleShots(0, 1)
                    .get(benchmark))
            / 1e3;
    int queries = 0;
    double tokens = 0;
    for (int hops = 2; hops <= HOPS; hops += step) {
      queries += queriesPerHop;
      tokens += (hops + 2.0) * queriesPerHop;
    }
    double iterations =
        benchmark.equals("separate") ? ITERATIONS * (ITERATIONS + 1) / 2.0 : ITERATIONS;
    double rate = PaperSizeModel.operations(model, tokens) * iterations / seconds / 1e9;
    System.out.printf(
        Locale.ROOT,
        "width %d, %,d queries, %s: %.2f s, %.0f GFLOP/s, %s of the ceiling%n",
        model.width(),
        queries,
        benchmark.equals("separate") ? "40 runs of 1 to 40 iterations" : "one run of 40 iterations",
        seconds,
        rate,
        ceiling.share(rate));
    return seconds;
  }
}
