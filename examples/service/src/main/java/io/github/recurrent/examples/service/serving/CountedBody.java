package io.github.recurrent.examples.service.serving;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import io.github.recurrent.examples.service.request.Fault;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The body of a request, of which each piece is counted when it comes. {@link HttpRequest#mapData}
 * would see the pieces of a body that is gathered only when all of them are there.
 */
public final class CountedBody implements Publisher<HttpObject> {
  private final HttpRequest request;
  private final LongConsumer counter;

  private CountedBody(HttpRequest request, LongConsumer counter) {
    this.request = request;
    this.counter = counter;
  }

  /**
   * Returns a request whose body is counted.
   *
   * @param counter takes the bytes of a piece, and may throw a {@link Fault}, with which the body
   *     ends
   */
  public static HttpRequest of(HttpRequest request, LongConsumer counter) {
    return HttpRequest.of(request.headers(), new CountedBody(request, counter));
  }

  @Override
  public void subscribe(Subscriber<? super HttpObject> subscriber) {
    request.subscribe(new Pieces(subscriber, counter));
  }

  /** Not thread-safe: pieces come one after another. */
  private static final class Pieces implements Subscriber<HttpObject> {
    private final Subscriber<? super HttpObject> subscriber;
    private final LongConsumer counter;
    private @Nullable Subscription subscription;
    private boolean hasEnded;

    Pieces(Subscriber<? super HttpObject> subscriber, LongConsumer counter) {
      this.subscriber = subscriber;
      this.counter = counter;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      this.subscription = subscription;
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(HttpObject object) {
      if (object instanceof HttpData data && !isCounted(data)) {
        data.close();
        return;
      }
      subscriber.onNext(object);
    }

    private boolean isCounted(HttpData data) {
      if (hasEnded) {
        return false;
      }
      try {
        counter.accept(data.length());
        return true;
      } catch (Fault e) {
        if (subscription != null) {
          subscription.cancel();
        }
        onError(e);
        return false;
      }
    }

    @Override
    public void onError(Throwable problem) {
      if (!hasEnded) {
        hasEnded = true;
        subscriber.onError(problem);
      }
    }

    @Override
    public void onComplete() {
      if (!hasEnded) {
        hasEnded = true;
        subscriber.onComplete();
      }
    }
  }
}
