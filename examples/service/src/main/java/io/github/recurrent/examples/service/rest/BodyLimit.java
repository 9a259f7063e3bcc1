package io.github.recurrent.examples.service.rest;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.serving.CountedBody;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refuses bodies that are too long, by their headers or where they become so. The server's own
 * limit closes the connection before the client can read why; it is for those that go on sending.
 */
public final class BodyLimit implements DecoratingHttpServiceFunction {
  private final int most;

  public BodyLimit(int most) {
    this.most = most;
  }

  @Override
  public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
      throws Exception {
    requireWithin(request.headers().contentLength());
    AtomicLong length = new AtomicLong();
    HttpRequest bounded = CountedBody.of(request, bytes -> requireWithin(length.addAndGet(bytes)));
    context.updateRequest(bounded);
    return service.serve(context, bounded);
  }

  private void requireWithin(long length) {
    if (length > most) {
      throw Fault.tooLarge(most);
    }
  }
}
