package io.github.recurrent.examples.service.metrics;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.util.Exceptions;
import io.github.recurrent.examples.service.request.Fault;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/** Why a request failed, by the names that Triton's metrics have. */
public enum Failure {
  /** The queue was full, or the model takes no more requests. */
  REJECTED,
  /** The client left before it was answered. */
  CANCELED,
  /** The model or the runtime failed. */
  BACKEND,
  /** The request was not valid, or its time was up. */
  OTHER;

  /** Returns what it means that a query was not answered. */
  public static Failure of(Throwable problem) {
    Throwable cause = Exceptions.peel(problem);
    if (cause instanceof Fault fault) {
      return fault.status().equals(HttpStatus.BAD_REQUEST) ? OTHER : REJECTED;
    }
    if (cause instanceof TimeoutException) {
      return OTHER;
    }
    return cause instanceof CancellationException ? CANCELED : BACKEND;
  }
}
