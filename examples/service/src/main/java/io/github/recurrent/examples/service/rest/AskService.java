package io.github.recurrent.examples.service.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Post;
import io.github.recurrent.examples.service.request.Choices;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Fields;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.request.Parameters;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.ServedModel;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One question and its answer as plain JSON, at once or iteration by iteration. */
public final class AskService {
  private static final ImmutableSet<String> FIELDS =
      ImmutableSet.of("query", "parameters", "model", "version");

  private final Models models;
  private final Limits limits;

  public AskService(Models models, Limits limits) {
    this.models = models;
    this.limits = limits;
  }

  /** A question with what it chooses. */
  private record Question(Query query, Choices choices) {}

  @Blocking
  @Post("/v1/ask")
  public CompletableFuture<HttpResponse> ask(
      ServiceRequestContext context, AggregatedHttpRequest body) {
    Fields fields = Fields.of("", Json.read(body.content().array()), FIELDS);
    ServedModel model =
        models.use(
            context,
            fields.string("model").orElseGet(models::only),
            fields.string("version").orElse(""),
            Fault::bad);
    Question question = question(model, fields);
    return wantsStream(body)
        ? CompletableFuture.completedFuture(stream(context, model, question))
        : model
            .answer(context, ImmutableList.of(question.query()), question.choices())
            .handleAsync(
                (answers, problem) -> {
                  if (problem != null) {
                    throw FaultAnswers.ofQuery(context, problem);
                  }
                  return Json.response(
                      HttpStatus.OK,
                      AskedAnswer.of(model.vocabulary(), question.query(), answers.get(0)));
                },
                context.blockingTaskExecutor());
  }

  /** Returns whether the client names the type of streams; wildcards mean one object. */
  private static boolean wantsStream(AggregatedHttpRequest body) {
    return body.headers().accept().stream()
        .anyMatch(type -> type.withoutParameters().equals(MediaType.EVENT_STREAM));
  }

  private Question question(ServedModel model, Fields fields) {
    Parameters parameters =
        fields
            .value("parameters")
            .map(value -> Parameters.of("parameters", value))
            .orElseGet(() -> Parameters.none("parameters"));
    JsonNode query = fields.required("query");
    return new Question(
        query.isTextual()
            ? model.reader().text("query", query.textValue())
            : model.reader().names("query", names(fields)),
        Choices.of(parameters, limits));
  }

  private static List<String> names(Fields fields) {
    List<JsonNode> names = fields.elements("query");
    for (int index = 0; index < names.size(); index++) {
      if (!names.get(index).isTextual()) {
        throw Fault.bad(
            "query[" + index + "] must be a string, but is " + Json.kind(names.get(index)));
      }
    }
    return names.stream().map(JsonNode::textValue).toList();
  }

  private static HttpResponse stream(
      ServiceRequestContext context, ServedModel model, Question question) {
    EventStream events = new EventStream(model.vocabulary());
    Choices watched =
        question
            .choices()
            .watchedBy(
                ImmutableList.of(
                    (iteration, distribution) ->
                        context
                            .eventLoop()
                            .execute(() -> events.iteration(iteration, distribution))));
    CompletableFuture<Void> unused =
        model
            .answer(context, ImmutableList.of(question.query()), watched)
            .handleAsync(
                (answers, problem) -> {
                  if (problem != null) {
                    events.error(FaultAnswers.ofQuery(context, problem));
                  } else {
                    Answer answer = answers.get(0);
                    events.iteration(answer.iterations(), answer.distribution());
                    events.answer(AskedAnswer.of(model.vocabulary(), question.query(), answer));
                  }
                  return null;
                },
                context.eventLoop());
    return events.response();
  }
}
