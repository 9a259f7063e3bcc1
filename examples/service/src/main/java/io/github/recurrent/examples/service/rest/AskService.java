package io.github.recurrent.examples.service.rest;

import com.google.common.collect.ImmutableList;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Post;
import io.github.recurrent.examples.service.answer.Unanswered;
import io.github.recurrent.examples.service.request.AskBody;
import io.github.recurrent.examples.service.request.Choices;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.ServedModel;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Answer;
import java.util.concurrent.CompletableFuture;

/** One question and its answer as plain JSON, at once or iteration by iteration. */
public final class AskService {
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
    AskBody asked = AskBody.read(body.content().array());
    ServedModel model =
        models.use(context, asked.model().orElseGet(models::only), asked.version(), Fault::bad);
    Question question = new Question(asked.query(model.reader()), asked.choices(limits));
    return wantsStream(body)
        ? CompletableFuture.completedFuture(stream(context, model, question))
        : model
            .answer(context, ImmutableList.of(question.query()), question.choices())
            .handleAsync(
                (answers, problem) -> {
                  if (problem != null) {
                    throw Unanswered.because(context, problem);
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

  private static HttpResponse stream(
      ServiceRequestContext context, ServedModel model, Question question) {
    EventStream events = new EventStream(context, model.vocabulary());
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
                    events.error(Unanswered.because(context, problem));
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
