package io.github.recurrent.examples.benchmarks;

import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.onnx.PlainCall;
import io.github.recurrent.onnx.UnrolledGraph;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Queries of one length, answered after a fixed number of iterations. */
@State(Scope.Benchmark)
public abstract class FixedDepth {
  /** The folder of {@link PaperSizeModel}'s files. */
  @Param("")
  String folder;

  /** The tokens of a query, the read pad included. */
  @Param("4")
  int tokens;

  @Param("8")
  int iterations;

  @Param("1")
  int queries;

  List<Query> queries() {
    return PaperSizeModel.queries(queries, tokens - 2, 42);
  }

  /** This library, from queries to answers. */
  public static class Library extends FixedDepth {
    private OnnxReasoner reasoner;
    private List<Query> batch;
    private Halting halting;

    /** Loads the model, and has its code compiled as a program's is that has run for a while. */
    @Setup(Level.Trial)
    public void open() throws IOException {
      reasoner = OnnxReasoner.load(PaperSizeModel.exported(Path.of(folder)), AllCores.EXECUTION);
      reasoner.warmUp(1, tokens - 2);
      batch = queries();
      halting = Halting.fixed(iterations);
    }

    List<Answer> answer() {
      return reasoner.answer(batch, halting);
    }

    /** Closes the model. */
    @TearDown(Level.Trial)
    public void close() {
      reasoner.close();
    }
  }

  /** ONNX Runtime on the unrolled graph, from ids to logits. */
  public static class Plain extends FixedDepth {
    private PlainCall call;
    private long[] ids;

    /** Loads the graph. */
    @Setup(Level.Trial)
    public void open() {
      call =
          PlainCall.load(
              UnrolledGraph.file(PaperSizeModel.unrolled(Path.of(folder)), iterations),
              AllCores.THREADS);
      QueryBatch batch = QueryBatch.of(PaperSizeModel.vocabulary(), queries());
      ids = new long[queries * tokens];
      for (int row = 0; row < queries; row++) {
        for (int position = 0; position < batch.length(row); position++) {
          ids[row * tokens + position] = batch.id(row, position);
        }
      }
    }

    float[] logits() {
      return call.logits(ids, queries);
    }

    /** Closes the graph. */
    @TearDown(Level.Trial)
    public void close() {
      call.close();
    }
  }
}
