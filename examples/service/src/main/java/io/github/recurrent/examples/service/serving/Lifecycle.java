package io.github.recurrent.examples.service.serving;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.examples.service.request.Fault;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Where the service is between its start and its end. As a decorator it counts the requests under
 * way, so that the end can wait for them, and refuses those that come too late. Thread-safe.
 */
public final class Lifecycle implements DecoratingHttpServiceFunction {
  /** What the service is at. */
  private enum Stage {
    /** The models are loaded and warmed up; those that are done answer. */
    LOADING,
    READY,
    /** Load balancers may not know yet that the end is near: requests are still answered. */
    LEAVING,
    /** Only what is under way is answered. */
    CLOSING
  }

  @GuardedBy("this")
  private Stage stage = Stage.LOADING;

  @GuardedBy("this")
  private int underWay;

  /** Returns whether all is loaded, and no end is near. */
  public synchronized boolean isReady() {
    return stage == Stage.READY;
  }

  /** Returns whether no end is near. */
  synchronized boolean isStaying() {
    return stage == Stage.LOADING || stage == Stage.READY;
  }

  public synchronized void ready() {
    if (stage == Stage.LOADING) {
      stage = Stage.READY;
    }
  }

  /** Is ready no longer, and still answers. */
  public synchronized void leave() {
    if (stage != Stage.CLOSING) {
      stage = Stage.LEAVING;
    }
  }

  /**
   * Refuses new requests, and waits for those under way.
   *
   * @return whether all of them were answered in time
   */
  public synchronized boolean drain(Duration most) throws InterruptedException {
    stage = Stage.CLOSING;
    long end = System.nanoTime() + most.toNanos();
    while (underWay > 0) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  @Override
  public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
      throws Exception {
    enter(context);
    return service.serve(context, request);
  }

  /**
   * Counts a request until it is answered.
   *
   * @throws Fault if it comes too late
   */
  public void enter(ServiceRequestContext context) {
    enter();
    CompletableFuture<Void> unused = context.log().whenComplete().thenAccept(complete -> end());
  }

  private synchronized void enter() {
    if (stage == Stage.CLOSING) {
      throw Fault.unavailable("the service ends, and takes no more requests");
    }
    underWay++;
  }

  private synchronized void end() {
    underWay--;
    notifyAll();
  }
}
