package io.github.recurrent.examples.benchmarks;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Exports the {@linkplain ServedModel quickstart's model}, and writes what this library answers to
 * some queries, for programs in other languages to compare with; {@code examples/benchmarks/node}
 * has one.
 *
 * <p>Usage: {@code ExpectedAnswers [seed]}
 */
public final class ExpectedAnswers {
  private static final int QUERIES = 1000;
  private static final int MAX_HOPS = 20;

  private ExpectedAnswers() {}

  /**
   * Writes {@code expected.json} next to the exported folder.
   *
   * @throws IOException if the model cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    long seed = Arguments.of(arguments).seed();
    Path exported = ServedModel.export(seed, 1, ServedModel.checkpoint(seed).model().layers());
    Halting halting = ServedModel.HALTING;
    JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode expected = json.createObjectNode();
    expected
        .putObject("halting")
        .put("max_iterations", halting.atMost())
        .put("min_iterations", halting.atLeast())
        .put("kl_threshold", halting.klThreshold().orElseThrow())
        .put("entropy_threshold", halting.entropyThreshold().orElseThrow());
    ArrayNode answered = expected.putArray("answers");
    List<Query> queries =
        ServedModel.queries(QUERIES, MAX_HOPS, Seed.of(seed).child("expected answers"));
    try (OnnxReasoner reasoner = OnnxReasoner.load(exported)) {
      List<Answer> answers = reasoner.answer(queries, halting);
      for (int index = 0; index < QUERIES; index++) {
        answered
            .addObject()
            .put("query", queries.get(index).toString())
            .put("answer", answers.get(index).token())
            .put("iterations", answers.get(index).iterations());
      }
    }
    Path file = exported.resolveSibling("expected.json");
    Files.writeString(file, json.writeValueAsString(expected) + "\n");
    System.out.println("The model is in " + exported + ", its answers are in " + file);
  }
}
