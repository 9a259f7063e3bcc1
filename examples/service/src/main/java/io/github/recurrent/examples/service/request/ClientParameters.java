package io.github.recurrent.examples.service.request;

import com.google.common.primitives.Longs;

/**
 * Parameters that clients of the protocol send to every server, by its extensions for scheduling
 * and for sequences. The timeout holds here. The others mean nothing: all requests have one
 * priority, and no answer depends on the requests before it.
 */
final class ClientParameters {
  private static final String TIMEOUT = "timeout";
  private static final String PRIORITY = "priority";
  private static final String SEQUENCE_ID = "sequence_id";
  private static final String SEQUENCE_START = "sequence_start";
  private static final String SEQUENCE_END = "sequence_end";
  private static final long MICROSECONDS = 1000;

  private ClientParameters() {}

  /** Checks these parameters, and returns the others, with a timeout as a deadline. */
  static Parameters read(Parameters parameters, Limits limits) {
    long timeout = parameters.count(TIMEOUT);
    parameters.count(PRIORITY);
    if (!parameters.isString(SEQUENCE_ID)) {
      parameters.count(SEQUENCE_ID);
    }
    parameters.flag(SEQUENCE_START);
    parameters.flag(SEQUENCE_END);
    if (timeout > 0 && parameters.has(Choices.DEADLINE)) {
      throw Fault.bad(
          parameters.place()
              + "."
              + TIMEOUT
              + " stands beside "
              + Choices.DEADLINE
              + ", but only one may");
    }
    Parameters others =
        parameters.without(TIMEOUT, PRIORITY, SEQUENCE_ID, SEQUENCE_START, SEQUENCE_END);
    return timeout == 0
        ? others
        : others.with(
            Choices.DEADLINE,
            Longs.constrainToRange(timeout / MICROSECONDS, 1, limits.deadline().toMillis()));
  }
}
