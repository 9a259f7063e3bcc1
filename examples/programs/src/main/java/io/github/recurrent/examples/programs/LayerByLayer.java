package io.github.recurrent.examples.programs;

import io.github.recurrent.dataset.Query;
import io.github.recurrent.onnx.OnnxTracer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trace;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * The logit lens by hand: reads the hidden state at every token of a query, after every effective
 * layer, as if it were the last. {@code LogitLens} computes the same over many facts.
 *
 * <p>Usage: {@code LayerByLayer}
 */
public final class LayerByLayer {
  private static final int ITERATIONS = 4;

  private LayerByLayer() {}

  /** Prints the most probable token of each state. */
  public static void main(String[] arguments) throws IOException {
    Query query = Query.of("<e_9>", "<r_4>", "<r_1>");
    try (OnnxTracer tracer = OnnxTracer.of(PublishedCheckpoint.fixture())) {
      Trace trace = tracer.trace(QueryBatch.of(tracer.vocabulary(), List.of(query)), ITERATIONS);
      System.out.println(query + ", which is read at position " + trace.readPosition(0));
      for (int layer = 0; layer <= trace.effectiveLayers(); layer++) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "layer %2d", layer));
        for (int position = 0; position < trace.positions(); position++) {
          Distribution seen = Distribution.ofLogits(tracer.logits(trace.state(layer, 0, position)));
          int best = seen.mostProbable();
          line.append(
              String.format(
                  Locale.ROOT,
                  "  %s %.2f",
                  tracer.vocabulary().token(best),
                  seen.probability(best)));
        }
        System.out.println(line);
      }
    }
  }
}
