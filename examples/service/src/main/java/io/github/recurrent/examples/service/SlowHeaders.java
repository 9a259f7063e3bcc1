package io.github.recurrent.examples.service;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections on which something comes, but no request: a handshake or headers, byte by
 * byte, against which no time of a request helps. HTTP/2 has connections that are quiet but for
 * pings; those are left alone. Not thread-safe: one for every connection, on its event loop.
 */
final class SlowHeaders extends ChannelInboundHandlerAdapter {
  private final Duration most;
  private @Nullable Future<?> end;
  private int underWay;

  private SlowHeaders(Duration most) {
    this.most = most;
  }

  /** Has a server close connections whose headers take longer than that. */
  static void apply(ServerBuilder server, Duration most) {
    server
        .childChannelPipelineCustomizer(pipeline -> pipeline.addFirst(new SlowHeaders(most)))
        .decorator(SlowHeaders::serve);
  }

  private static HttpResponse serve(
      HttpService service, ServiceRequestContext context, HttpRequest request) throws Exception {
    Channel channel = context.log().partial().channel();
    SlowHeaders headers = channel == null ? null : channel.pipeline().get(SlowHeaders.class);
    if (channel != null && headers != null) {
      channel.eventLoop().execute(headers::begin);
      CompletableFuture<Void> unused =
          context
              .log()
              .whenComplete()
              .thenAccept(complete -> channel.eventLoop().execute(headers::finish));
    }
    return service.serve(context, request);
  }

  private void begin() {
    underWay++;
    stop();
  }

  private void finish() {
    underWay--;
    stop();
  }

  private void stop() {
    if (end != null) {
      boolean unused = end.cancel(false);
      end = null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (end == null) {
      end =
          context
              .executor()
              .schedule(() -> timeUp(context.channel()), most.toMillis(), TimeUnit.MILLISECONDS);
    }
    context.fireChannelRead(message);
  }

  private void timeUp(Channel channel) {
    end = null;
    if (underWay == 0 && channel.pipeline().get(Http2ConnectionHandler.class) == null) {
      Future<?> unused = channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stop();
    context.fireChannelInactive();
  }
}
