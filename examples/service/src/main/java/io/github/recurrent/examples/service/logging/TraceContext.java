package io.github.recurrent.examples.service.logging;

import com.linecorp.armeria.common.RequestHeaders;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request stands in the trace of its client, by W3C Trace Context. The service asks no
 * others, so it passes nothing on, and {@code tracestate} is for others to read.
 *
 * @param traceId 32 hexadecimal digits
 * @param parentSpanId 16 hexadecimal digits, the span of the client
 */
record TraceContext(String traceId, String parentSpanId) {
  private static final String HEADER = "traceparent";
  private static final String UNKNOWN_VERSION = "ff";
  private static final String FIRST_VERSION = "00";

  /** Later versions may add fields behind. */
  private static final Pattern PARENT =
      Pattern.compile(
          "(?<version>[0-9a-f]{2})-(?<trace>(?!0{32})[0-9a-f]{32})"
              + "-(?<span>(?!0{16})[0-9a-f]{16})-[0-9a-f]{2}(?<more>-.*)?");

  /** Returns the context of a request, unless it has none, two, or one that is not valid. */
  static Optional<TraceContext> of(RequestHeaders headers) {
    List<String> values = headers.getAll(HEADER);
    if (values.size() != 1) {
      return Optional.empty();
    }
    Matcher parent = PARENT.matcher(values.get(0));
    if (!parent.matches()
        || parent.group("version").equals(UNKNOWN_VERSION)
        || (parent.group("version").equals(FIRST_VERSION) && parent.group("more") != null)) {
      return Optional.empty();
    }
    return Optional.of(new TraceContext(parent.group("trace"), parent.group("span")));
  }
}
