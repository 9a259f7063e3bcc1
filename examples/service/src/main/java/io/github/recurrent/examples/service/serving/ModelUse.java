package io.github.recurrent.examples.service.serving;

import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.examples.service.metrics.Failure;
import io.github.recurrent.examples.service.metrics.ModelMeasures;
import io.netty.util.AttributeKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A request's use of a model, from its look-up until the request is answered. The model stays open
 * meanwhile, and is told what came of the request. Thread-safe.
 */
final class ModelUse {
  private static final AttributeKey<ModelUse> USE = AttributeKey.valueOf(ModelUse.class, "USE");

  private final ServedModel model;
  private final ModelMeasures measures;
  private final long begin = System.nanoTime();
  private volatile long entered;
  private volatile long answered;
  private final AtomicReference<@Nullable Throwable> problem = new AtomicReference<>();

  private ModelUse(ServedModel model, ModelMeasures measures) {
    this.model = model;
    this.measures = measures;
  }

  /** Begins a use, which ends with the request. The model must have been acquired. */
  static void begin(ServiceRequestContext context, ServedModel model, ModelMeasures measures) {
    ModelUse use = new ModelUse(model, measures);
    context.setAttr(USE, use);
    CompletableFuture<Void> unused = context.log().whenComplete().thenAccept(use::end);
  }

  /** Returns the use of a request. */
  static ModelUse of(ServiceRequestContext context) {
    ModelUse use = context.attr(USE);
    if (use == null) {
      throw new IllegalStateException("the request uses no model");
    }
    return use;
  }

  /** The request is read, and its queries are submitted next. */
  void entered() {
    entered = System.nanoTime();
  }

  /** All queries are answered. */
  void answered() {
    answered = System.nanoTime();
  }

  /**
   * A query is not answered.
   *
   * @return whether it is the first of the request
   */
  boolean fail(Throwable cause) {
    return problem.compareAndSet(null, cause);
  }

  private void end(RequestLog log) {
    long whole = log.totalDurationNanos();
    if (answered != 0 && log.responseCause() == null) {
      measures.succeeded(whole, entered - begin, System.nanoTime() - answered);
    } else {
      measures.failed(failure(), whole);
    }
    model.release();
  }

  private Failure failure() {
    if (entered == 0) {
      return Failure.OTHER;
    }
    // A client that leaves may be seen before its queries are.
    Throwable cause = problem.get();
    return cause == null ? Failure.CANCELED : Failure.of(cause);
  }
}
