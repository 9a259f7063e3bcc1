package io.github.recurrent.examples.service.answer;

import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.util.Exceptions;
import io.github.recurrent.examples.service.logging.RequestLines;
import io.github.recurrent.examples.service.request.Fault;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says why a request is not answered; the log has what the client must not see. */
public final class Unanswered {
  private static final Logger LOG = LoggerFactory.getLogger(Unanswered.class);

  private Unanswered() {}

  /** Returns the fault for why the queries of a request have no answer. */
  public static Fault because(RequestContext context, Throwable cause) {
    Throwable problem = Exceptions.peel(cause);
    if (problem instanceof Fault fault) {
      return fault;
    }
    if (problem instanceof TimeoutException) {
      return Fault.late(
          problem.getMessage()
              + "; a greater deadline_ms waits longer, and on_deadline \"answer\" answers with what"
              + " is there by then");
    }
    if (problem instanceof CancellationException) {
      return Fault.unavailable("the query was cancelled before it was answered");
    }
    return failed(context, problem);
  }

  /**
   * Logs a failure of the service itself, and returns the fault that tells where to look for it.
   */
  public static Fault failed(RequestContext context, Throwable problem) {
    RequestLines.withIds(LOG.atError(), context).setCause(problem).log("Request failed");
    return Fault.internal(
        "the service failed; its log says why, with the request's id " + context.id().shortText());
  }
}
