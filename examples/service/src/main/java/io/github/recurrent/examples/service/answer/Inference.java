package io.github.recurrent.examples.service.answer;

import com.google.common.collect.ImmutableList;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.examples.service.request.Choices;
import io.github.recurrent.examples.service.request.InferRequest;
import io.github.recurrent.examples.service.serving.BytesUnderWay;
import io.github.recurrent.examples.service.serving.ServedModel;
import java.util.concurrent.CompletableFuture;

/** Has a model answer requests of the protocol. */
public final class Inference {
  /** A value as a node of a tree, and as text or bytes. */
  private static final long BYTES_OF_VALUE = 32;

  private Inference() {}

  /** Answers a request, and watches its queries if its outputs need that. */
  public static CompletableFuture<Answered> answer(
      ServiceRequestContext context, ServedModel model, InferRequest request) {
    BytesUnderWay.take(context, request.outputValues(model.vocabulary().size()) * BYTES_OF_VALUE);
    ImmutableList<Trajectory> trajectories =
        request.isWatched()
            ? request.queries().stream()
                .map(query -> new Trajectory(model.vocabulary()))
                .collect(ImmutableList.toImmutableList())
            : ImmutableList.of();
    Choices choices =
        request.isWatched() ? request.choices().watchedBy(trajectories) : request.choices();
    return model
        .answer(context, request.queries(), choices)
        .thenApply(
            answers -> new Answered(model.vocabulary(), answers, trajectories, request.topK()));
  }
}
