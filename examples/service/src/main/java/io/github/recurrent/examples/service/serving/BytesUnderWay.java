package io.github.recurrent.examples.service.serving;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import io.github.recurrent.examples.service.request.Fault;
import io.netty.util.AttributeKey;
import java.util.concurrent.CompletableFuture;

/**
 * Bounds the memory that requests under way take together: their bodies, which clients may send as
 * slowly as they like, and their answers, which clients may read as slowly. A request gives its
 * bytes back when its answer has left. Thread-safe.
 */
public final class BytesUnderWay {
  private static final AttributeKey<Share> SHARE =
      AttributeKey.valueOf(BytesUnderWay.class, "SHARE");

  private final long most;

  @GuardedBy("this")
  private long taken;

  public BytesUnderWay(long most) {
    this.most = most;
  }

  /** What one request takes. */
  private final class Share {
    private long bytes;
    private boolean hasEnded;

    void take(long more) {
      synchronized (BytesUnderWay.this) {
        if (hasEnded) {
          return;
        }
        if (bytes + more > most) {
          throw Fault.bad(
              "the request and its answer may take "
                  + (bytes + more)
                  + " bytes of memory; the limit here is "
                  + most
                  + " for all requests together");
        }
        if (taken + more > most) {
          throw Fault.busy(
              "the requests under way take all "
                  + most
                  + " bytes of memory that they may; try again later");
        }
        bytes += more;
        taken += more;
      }
    }

    void giveBack(long less) {
      synchronized (BytesUnderWay.this) {
        if (!hasEnded) {
          bytes -= less;
          taken -= less;
        }
      }
    }

    void end() {
      synchronized (BytesUnderWay.this) {
        hasEnded = true;
        taken -= bytes;
      }
    }
  }

  /** Returns a service that counts the bodies of its requests, as far as they have come. */
  public HttpService count(HttpService service) {
    return new Counted(service);
  }

  private final class Counted extends SimpleDecoratingHttpService {
    Counted(HttpService service) {
      super(service);
    }

    /** Lets bodies come piece by piece; the server would gather each before it asks anybody. */
    @Override
    public ExchangeType exchangeType(RoutingContext routing) {
      return super.exchangeType(routing).isResponseStreaming()
          ? ExchangeType.BIDI_STREAMING
          : ExchangeType.REQUEST_STREAMING;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) throws Exception {
      Share share = new Share();
      context.setAttr(SHARE, share);
      CompletableFuture<Void> unused =
          context.log().whenComplete().thenAccept(complete -> share.end());
      HttpRequest counted = CountedBody.of(request, share::take);
      context.updateRequest(counted);
      return unwrap().serve(context, counted);
    }
  }

  /**
   * Counts what a request is going to take beside its body.
   *
   * @throws Fault if there is no room for it
   */
  public static void take(ServiceRequestContext context, long bytes) {
    share(context).take(bytes);
  }

  /** Counts no longer what a request has taken, and has sent since. */
  public static void giveBack(ServiceRequestContext context, long bytes) {
    share(context).giveBack(bytes);
  }

  private static Share share(ServiceRequestContext context) {
    Share share = context.attr(SHARE);
    if (share == null) {
      throw new IllegalStateException("the bytes of the request are not counted");
    }
    return share;
  }

  /** Returns the bytes that are taken now. */
  public synchronized long taken() {
    return taken;
  }
}
