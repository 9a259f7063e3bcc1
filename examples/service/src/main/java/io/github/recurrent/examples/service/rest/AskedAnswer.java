package io.github.recurrent.examples.service.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.request.Output;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;

/** Answers as people read them. */
final class AskedAnswer {
  private AskedAnswer() {}

  /** Returns the most probable token of an iteration, with its name in the graph. */
  static ObjectNode of(Vocabulary vocabulary, Distribution distribution) {
    int id = distribution.mostProbable();
    String token = vocabulary.token(id);
    boolean isNamed = vocabulary.isEntity(id) || vocabulary.isRelation(id);
    return Json.object()
        .put("answer", isNamed ? Vocabulary.name(token) : token)
        .put("token", token)
        .put("probability", (float) distribution.probability(id))
        .put("entropy", (float) distribution.entropy());
  }

  /** Returns the answer to a query. */
  static ObjectNode of(Vocabulary vocabulary, Query query, Answer answer) {
    ObjectNode node = Json.object().put("query", query.toString());
    node.setAll(of(vocabulary, answer.distribution()));
    return node.put("iterations", answer.iterations()).put("cause", Output.cause(answer));
  }
}
