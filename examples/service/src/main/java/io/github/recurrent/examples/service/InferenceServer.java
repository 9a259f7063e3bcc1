package io.github.recurrent.examples.service;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.github.recurrent.examples.service.answer.ServerMetadata;
import io.github.recurrent.examples.service.grpc.GrpcContentType;
import io.github.recurrent.examples.service.grpc.GrpcFaults;
import io.github.recurrent.examples.service.grpc.GrpcInference;
import io.github.recurrent.examples.service.logging.RequestLines;
import io.github.recurrent.examples.service.metrics.Measures;
import io.github.recurrent.examples.service.metrics.MetricsService;
import io.github.recurrent.examples.service.page.NamesService;
import io.github.recurrent.examples.service.page.PageService;
import io.github.recurrent.examples.service.page.StatusService;
import io.github.recurrent.examples.service.repository.Repository;
import io.github.recurrent.examples.service.repository.VersionPolicy;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.rest.AskService;
import io.github.recurrent.examples.service.rest.BodyLimit;
import io.github.recurrent.examples.service.rest.FaultAnswers;
import io.github.recurrent.examples.service.rest.InferService;
import io.github.recurrent.examples.service.rest.MetadataService;
import io.github.recurrent.examples.service.rest.RepositoryService;
import io.github.recurrent.examples.service.rest.StatisticsService;
import io.github.recurrent.examples.service.security.Protection;
import io.github.recurrent.examples.service.serving.BytesUnderWay;
import io.github.recurrent.examples.service.serving.Lifecycle;
import io.github.recurrent.examples.service.serving.ModelStatistics;
import io.github.recurrent.examples.service.serving.ModelStatus;
import io.github.recurrent.examples.service.serving.ModelStatus.State;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.Readiness;
import io.github.recurrent.onnx.ContinuousBatcher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server with its models. Thread-safe. */
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
  private static final long ONLY_VERSION = 1;

  private final ServiceOptions options;
  private final Lifecycle lifecycle = new Lifecycle();
  private final Models models = new Models();
  private final Readiness readiness = new Readiness(lifecycle, models);
  private final Measures measures = new Measures();
  private final Repository repository;
  private final Protection protection;
  private final BytesUnderWay bytes;
  private final Server server;

  private InferenceServer(ServiceOptions options, Protection protection) {
    this.options = options;
    this.protection = protection;
    repository =
        new Repository(
            options.source(),
            options.models == null ? VersionPolicy.parse("all") : options.versions,
            models,
            options.serving(),
            measures,
            this::turnReady);
    if (options.models == null) {
      models.announce(options.name, ONLY_VERSION);
      models.complete();
    }
    bytes = new BytesUnderWay(options.maxMemory);
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
        service -> bytes.count(service).decorate(bodies).decorate(lifecycle);
    ServerMetadata metadata =
        new ServerMetadata(
            options.repositoryControl
                ? ImmutableList.of("binary_tensor_data", "statistics", "model_repository")
                : ImmutableList.of("binary_tensor_data", "statistics"));
    ModelStatistics statistics = new ModelStatistics(models, measures);
    ServerBuilder builder = Server.builder();
    protection.apply(builder, new InetSocketAddress(options.host, options.port));
    RequestLines.apply(builder, options.log.isAccessLogged);
    SlowHeaders.apply(builder, limits.deadline().plus(GRACE));
    if (options.repositoryControl) {
      builder.annotatedService(new RepositoryService(repository), decorator);
    }
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
                .addService(
                    new GrpcInference(
                        models,
                        lifecycle,
                        readiness,
                        statistics,
                        options.repositoryControl ? Optional.of(repository) : Optional.empty(),
                        limits,
                        metadata))
                .maxRequestMessageLength(limits.bodyBytes())
                .useBlockingTaskExecutor(true)
                // A client ends its call when its own time is up; here the same time holds for all.
                .useClientTimeoutHeader(false)
                .exceptionHandler(new GrpcFaults(limits))
                .build(),
            service -> bytes.count(service).decorate(new GrpcContentType()))
        .annotatedService(new MetadataService(models, readiness, metadata))
        .annotatedService(new StatisticsService(statistics))
        .annotatedService(new MetricsService(measures))
        .annotatedService(new InferService(models, limits), decorator)
        .annotatedService(new AskService(models, limits), decorator)
        .annotatedService(new NamesService(models))
        .annotatedService(new StatusService(models, limits))
        .annotatedService(new PageService())
        .build();
  }

  /**
   * Loads the models and warms them up, and is ready then; looks for others from time to time if
   * there is a folder of them.
   *
   * @throws IOException if the folder cannot be read, or the only model cannot be loaded
   */
  void load() throws IOException {
    repository.start();
    if (options.models == null) {
      ModelStatus only = models.status(options.name, ONLY_VERSION).orElseThrow();
      if (only.state() != State.READY) {
        throw new IOException(only.reason());
      }
    } else if (!options.poll.isZero()) {
      repository.watch(options.poll);
    }
    if (readiness.isReady()) {
      LOG.info("Ready on port {}", port());
    } else {
      LOG.warn("Not ready: no version can be loaded of {}", models.missing());
    }
  }

  /** Is ready from when all models of the start have a version that is loaded. */
  private void turnReady() {
    if (models.missing().isEmpty() && models.isAnyLoaded()) {
      lifecycle.ready();
    }
  }

  int port() {
    return server.activeLocalPort();
  }

  /** Returns {@code https} or {@code http}. */
  String scheme() {
    return protection.scheme();
  }

  /** Returns what the model does that was loaded first and is still open. */
  ContinuousBatcher.Statistics statistics() {
    return models.open().get(0).statistics();
  }

  Models models() {
    return models;
  }

  BytesUnderWay bytes() {
    return bytes;
  }

  Measures measures() {
    return measures;
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
    repository.close();
    models.close();
    protection.close();
  }
}
