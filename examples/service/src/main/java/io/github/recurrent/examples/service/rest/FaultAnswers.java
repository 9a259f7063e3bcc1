package io.github.recurrent.examples.service.rest;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.examples.service.answer.Unanswered;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.request.Shown;
import org.jspecify.annotations.Nullable;

/**
 * Answers every fault with {@code {"error": "…"}} and never with a stack trace, whether a service,
 * the routing or the decoding of HTTP finds it. Thread-safe.
 */
public final class FaultAnswers implements ServerErrorHandler {
  private static final String SECONDS_BEFORE_RETRY = "1";

  private final Limits limits;

  public FaultAnswers(Limits limits) {
    this.limits = limits;
  }

  @Override
  public HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
    Throwable problem = Exceptions.peel(cause);
    if (problem instanceof Fault fault) {
      return answer(fault.status(), fault.message()).toHttpResponse();
    }
    if (problem instanceof ContentTooLargeException) {
      return tooLarge().toHttpResponse();
    }
    if (problem instanceof HttpStatusException status) {
      return refusal(status.httpStatus(), context.request().headers(), null).toHttpResponse();
    }
    if (problem instanceof RequestTimeoutException) {
      return timeUp(context).toHttpResponse();
    }
    if (Exceptions.isExpected(problem)
        || Exceptions.isStreamCancelling(problem)
        || problem instanceof ClosedStreamException) {
      // The client is gone: nobody reads this.
      return answer(HttpStatus.SERVICE_UNAVAILABLE, "the connection is closed").toHttpResponse();
    }
    Fault failure = Unanswered.failed(context, problem);
    return answer(failure.status(), failure.message()).toHttpResponse();
  }

  private AggregatedHttpResponse timeUp(ServiceRequestContext context) {
    return context.log().isComplete()
            || context.log().isAvailable(RequestLogProperty.REQUEST_END_TIME)
        ? answer(
            HttpStatus.GATEWAY_TIMEOUT,
            "no answer within " + context.requestTimeoutMillis() + " ms")
        : answer(
            HttpStatus.REQUEST_TIMEOUT,
            "the request was not complete within " + context.requestTimeoutMillis() + " ms");
  }

  private AggregatedHttpResponse tooLarge() {
    Fault fault = Fault.tooLarge(limits.bodyBytes());
    return answer(fault.status(), fault.message());
  }

  @Override
  public AggregatedHttpResponse onProtocolViolation(
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    return refusal(status, headers, description);
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext context,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    return refusal(status, headers, description);
  }

  /** Answers what no service was asked. */
  private AggregatedHttpResponse refusal(
      HttpStatus status, @Nullable RequestHeaders headers, @Nullable String description) {
    if (status.equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE)) {
      return tooLarge();
    }
    if (headers != null && status.equals(HttpStatus.NOT_FOUND)) {
      return answer(status, "there is nothing at " + Shown.text(headers.path()));
    }
    if (headers != null && status.equals(HttpStatus.METHOD_NOT_ALLOWED)) {
      return answer(status, Shown.text(headers.path()) + " does not take " + headers.method());
    }
    return answer(status, description == null ? status.reasonPhrase() : description);
  }

  private static AggregatedHttpResponse answer(HttpStatus status, String message) {
    var headers = ResponseHeaders.builder(status).contentType(MediaType.JSON);
    if (status.equals(HttpStatus.TOO_MANY_REQUESTS)
        || status.equals(HttpStatus.SERVICE_UNAVAILABLE)) {
      headers.set(HttpHeaderNames.RETRY_AFTER, SECONDS_BEFORE_RETRY);
    }
    return AggregatedHttpResponse.of(
        headers.build(), HttpData.wrap(Json.bytes(Json.error(message))));
  }
}
