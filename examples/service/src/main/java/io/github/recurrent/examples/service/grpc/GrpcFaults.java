package io.github.recurrent.examples.service.grpc;

import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.grpc.GrpcExceptionHandlerFunction;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.RequestTimeoutException;
import io.github.recurrent.examples.service.answer.Unanswered;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.request.Shown;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * Tells what is wrong with a call by a status of gRPC. Whatever goes wrong before a message is read
 * is the client's fault: INTERNAL means that the service failed, and its log says why. Thread-safe.
 */
public final class GrpcFaults implements GrpcExceptionHandlerFunction {
  private final Limits limits;

  public GrpcFaults(Limits limits) {
    this.limits = limits;
  }

  @Override
  public Status apply(RequestContext context, Status given, Throwable cause, Metadata metadata) {
    if (cause instanceof Fault fault) {
      return status(fault);
    }
    if (cause instanceof RequestTimeoutException) {
      return Status.DEADLINE_EXCEEDED.withDescription(
          "the call was not complete within the time for requests here");
    }
    Status usual = GrpcExceptionHandlerFunction.of().apply(context, given, cause, metadata);
    Status status = usual == null ? given : usual;
    boolean isRead = context.log().isAvailable(RequestLogProperty.REQUEST_CONTENT);
    return switch (status.getCode()) {
      case RESOURCE_EXHAUSTED -> status(Fault.tooLarge(limits.bodyBytes()));
      case OK, UNKNOWN, INTERNAL, DATA_LOSS, INVALID_ARGUMENT, UNAVAILABLE -> {
        if (cause instanceof ClosedSessionException || Exceptions.isExpected(cause)) {
          yield Status.CANCELLED.withDescription("the connection is closed");
        }
        yield isRead ? status(Unanswered.failed(context, cause)) : unread(context);
      }
      default -> status;
    };
  }

  /** Returns why a message cannot be read. */
  private static Status unread(RequestContext context) {
    HttpRequest request = context.request();
    String encoding = request == null ? null : request.headers().get("grpc-encoding");
    return encoding == null
            || DecompressorRegistry.getDefaultInstance().lookupDecompressor(encoding) != null
        ? Status.INVALID_ARGUMENT.withDescription("the message is not what the method takes")
        : Status.UNIMPLEMENTED.withDescription(
            "messages cannot be compressed by " + Shown.text(encoding) + " here, but by gzip");
  }

  /** Returns the status for a fault. */
  private static Status status(Fault fault) {
    Status.Code code =
        switch (fault.status().code()) {
          case 400 -> Status.Code.INVALID_ARGUMENT;
          case 404 -> Status.Code.NOT_FOUND;
          case 413, 429 -> Status.Code.RESOURCE_EXHAUSTED;
          case 503 -> Status.Code.UNAVAILABLE;
          case 504 -> Status.Code.DEADLINE_EXCEEDED;
          default -> Status.Code.INTERNAL;
        };
    return code.toStatus().withDescription(fault.message());
  }
}
