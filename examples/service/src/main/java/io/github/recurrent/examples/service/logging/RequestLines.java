package io.github.recurrent.examples.service.logging;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.logging.AccessLogWriter;
import io.github.recurrent.examples.service.request.Fault;
import io.grpc.StatusRuntimeException;
import io.netty.util.AttributeKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What the log has of a request: never a header but its id and its place in a trace, nor a body.
 */
public final class RequestLines {
  private static final Logger LOG = LoggerFactory.getLogger("access");
  private static final AttributeKey<Work> WORK = AttributeKey.valueOf(RequestLines.class, "WORK");
  private static final int LONGEST_PATH = 256;
  private static final String GRPC_STATUS = "grpc-status";

  private RequestLines() {}

  /**
   * What a request made the model do.
   *
   * @param queries its queries
   * @param iterations the sum over its queries
   */
  private record Work(int queries, int iterations) {}

  /** Gives requests their ids, which answers tell, and writes a line for each if told to. */
  public static void apply(ServerBuilder server, boolean isAccessLogged) {
    server
        .requestIdGenerator(routing -> ClientRequestId.of(routing.headers()))
        .decorator(
            (service, context, request) -> {
              context.setAdditionalResponseHeader(ClientRequestId.HEADER, context.id().text());
              return service.serve(context, request);
            })
        .accessLogWriter(isAccessLogged ? RequestLines::write : AccessLogWriter.disabled(), true);
  }

  /** Notes what a request made the model do. */
  public static void note(ServiceRequestContext context, int queries, int iterations) {
    context.setAttr(WORK, new Work(queries, iterations));
  }

  /** Adds the ids by which a request is found. */
  public static LoggingEventBuilder withIds(LoggingEventBuilder line, RequestContext context) {
    return with(line, ids(context));
  }

  private static Map<String, Object> ids(RequestContext context) {
    Map<String, Object> ids = new LinkedHashMap<>();
    ids.put("request_id", context.id().text());
    HttpRequest request = context.request();
    if (request != null) {
      TraceContext.of(request.headers())
          .ifPresent(
              trace -> {
                ids.put("trace_id", trace.traceId());
                ids.put("parent_span_id", trace.parentSpanId());
              });
    }
    return ids;
  }

  private static void write(RequestLog log) {
    RequestContext context = log.context();
    Map<String, Object> values = ids(context);
    values.put("method", context.method());
    values.put("path", cut(context.path()));
    if (log.responseStatus().code() > 0) {
      values.put("status", log.responseStatus().code());
    }
    values.put("milliseconds", milliseconds(log));
    grpcStatus(log).ifPresent(status -> values.put("grpc_status", status));
    Work work = context.attr(WORK);
    if (work != null) {
      values.put("queries", work.queries());
      values.put("iterations", work.iterations());
    }
    Throwable cause = log.responseCause();
    if (cause != null && !(cause instanceof Fault) && !(cause instanceof StatusRuntimeException)) {
      values.put("cause", cause.getClass().getSimpleName());
    }
    with(LOG.atInfo(), values).log("request");
  }

  private static LoggingEventBuilder with(LoggingEventBuilder line, Map<String, Object> values) {
    LoggingEventBuilder with = line;
    for (Map.Entry<String, Object> value : values.entrySet()) {
      with = with.addKeyValue(value.getKey(), value.getValue());
    }
    return with;
  }

  private static Optional<Integer> grpcStatus(RequestLog log) {
    return Stream.of(log.responseTrailers(), log.responseHeaders())
        .map(headers -> headers.getInt(GRPC_STATUS))
        .filter(Objects::nonNull)
        .findFirst();
  }

  private static double milliseconds(RequestLog log) {
    return TimeUnit.NANOSECONDS.toMicros(log.totalDurationNanos()) / 1e3;
  }

  private static String cut(String path) {
    return path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH) + "…";
  }
}
