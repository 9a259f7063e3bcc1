package io.github.recurrent.examples.service.metrics;

/** Why a request failed, by the names that Triton's metrics have. */
public enum Failure {
  /** The queue was full, or the model takes no more requests. */
  REJECTED,
  /** The client left before it was answered. */
  CANCELED,
  /** The model or the runtime failed. */
  BACKEND,
  /** The request was not valid, or its time was up. */
  OTHER
}
