package io.github.recurrent.examples.service;

import com.google.common.util.concurrent.Uninterruptibles;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.github.recurrent.examples.service.grpc.GrpcInference;
import io.github.recurrent.examples.service.logging.RequestLines;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.rest.AskService;
import io.github.recurrent.examples.service.rest.BodyLimit;
import io.github.recurrent.examples.service.rest.FaultAnswers;
import io.github.recurrent.examples.service.rest.InferService;
import io.github.recurrent.examples.service.rest.MetadataService;
import io.github.recurrent.examples.service.security.Protection;
import io.github.recurrent.examples.service.serving.Lifecycle;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.ServedModel;
import io.github.recurrent.onnx.ContinuousBatcher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server with its model. Thread-safe. */
final class InferenceServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InferenceServer.class);

  /** What a request may take beyond its deadline, to come and to go. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** What is read of a body that is too long before the connection is closed. */
  private static final long READ_BEYOND_LIMIT = 1 << 20;

  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final int LONGEST_HEADERS = 8192;
  private static final int STREAMS_OF_CONNECTION = 256;
  private static final int BLOCKING_THREADS = 16;

  private final ServiceOptions options;
  private final Lifecycle lifecycle = new Lifecycle();
  private final Models models;
  private final Protection protection;
  private final Server server;

  private InferenceServer(ServiceOptions options, Protection protection) {
    this.options = options;
    this.protection = protection;
    models = new Models(options.name);
    server = server();
  }

  /**
   * Listens; what needs the model gets status 503 until {@link #load}.
   *
   * @throws IOException if the tokens or the certificate cannot be read, or the port is taken
   */
  static InferenceServer start(ServiceOptions options) throws IOException {
    Protection protection = Protection.of(options.security.options());
    InferenceServer started = new InferenceServer(options, protection);
    try {
      started.server.start().join();
    } catch (CompletionException e) {
      protection.close();
      throw new IOException(
          String.format(
              Locale.ROOT,
              "port %d of %s cannot be listened to: %s",
              options.port,
              options.host.getHostAddress(),
              e.getCause() == null ? e.getMessage() : e.getCause().getMessage()),
          e);
    }
    return started;
  }

  private Server server() {
    Limits limits = options.limits();
    BodyLimit bodies = new BodyLimit(limits.bodyBytes());
    Function<HttpService, HttpService> decorator =
        service -> service.decorate(bodies).decorate(lifecycle);
    ServerBuilder builder = Server.builder();
    protection.apply(builder, new InetSocketAddress(options.host, options.port));
    RequestLines.apply(builder, options.log.isAccessLogged);
    return builder
        .maxRequestLength(limits.bodyBytes() + READ_BEYOND_LIMIT)
        .requestTimeout(limits.deadline().plus(GRACE))
        .idleTimeout(IDLE)
        .maxNumConnections(options.maxConnections)
        .http1MaxHeaderSize(LONGEST_HEADERS)
        .http2MaxHeaderListSize(LONGEST_HEADERS)
        .http2MaxStreamsPerConnection(STREAMS_OF_CONNECTION)
        .blockingTaskExecutor(BLOCKING_THREADS)
        .meterRegistry(NoopMeterRegistry.get())
        .unloggedExceptionsReportInterval(Duration.ZERO)
        .disableServerHeader()
        .errorHandler(new FaultAnswers(limits))
        .service(
            GrpcService.builder()
                .addService(new GrpcInference(models, lifecycle, limits))
                .maxRequestMessageLength(limits.bodyBytes())
                .useBlockingTaskExecutor(true)
                .exceptionHandler(
                    (context, status, cause, metadata) ->
                        cause instanceof Fault fault ? GrpcInference.status(fault) : status)
                .build())
        .annotatedService(new MetadataService(models, lifecycle))
        .annotatedService(new InferService(models, limits), decorator)
        .annotatedService(new AskService(models, limits), decorator)
        .build();
  }

  /**
   * Loads the model and warms it up, and is ready then.
   *
   * @throws IOException if the model cannot be read
   */
  void load() throws IOException {
    models.put(ServedModel.load(options.model, options.serving()));
    lifecycle.ready();
    LOG.info("Ready: {} on port {}", options.name, port());
  }

  int port() {
    return server.activeLocalPort();
  }

  /** Returns {@code https} or {@code http}. */
  String scheme() {
    return protection.scheme();
  }

  ContinuousBatcher.Statistics statistics() {
    return models.loaded().statistics();
  }

  /**
   * Turns unready at once, goes on for a moment, takes no more requests, waits for the answers
   * under way, and ends.
   */
  @Override
  public void close() {
    lifecycle.leave();
    Uninterruptibles.sleepUninterruptibly(options.leave);
    try {
      if (!lifecycle.drain(options.drain)) {
        LOG.warn("Some requests were not answered within {}", options.drain);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop().join();
    models.close();
    protection.close();
  }
}
