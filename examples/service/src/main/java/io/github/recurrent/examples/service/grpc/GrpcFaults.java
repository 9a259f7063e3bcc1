package io.github.recurrent.examples.service.grpc;

import com.google.common.base.Throwables;
import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.grpc.GrpcExceptionHandlerFunction;
import io.github.recurrent.examples.service.request.Fault;
import io.grpc.Metadata;
import io.grpc.Status;

/** Tells what is wrong with a call by a status of gRPC. Thread-safe. */
public final class GrpcFaults implements GrpcExceptionHandlerFunction {
  @Override
  public Status apply(RequestContext context, Status status, Throwable cause, Metadata metadata) {
    if (cause instanceof Fault fault) {
      return status(fault);
    }
    return Throwables.getCausalChain(cause).stream()
            .anyMatch(InvalidProtocolBufferException.class::isInstance)
        ? Status.INVALID_ARGUMENT.withDescription("the message is not what the method takes")
        : status;
  }

  /** Returns the status for a fault. */
  static Status status(Fault fault) {
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
