package io.github.recurrent.examples.service.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.recurrent.examples.service.request.Json;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes an event as a JSON object. Logback's own encoder keeps values apart in a list and makes
 * strings of numbers, so that what collects logs cannot count with them.
 */
public final class JsonLine extends Line {
  @Override
  public byte[] encode(ILoggingEvent event) {
    ObjectNode line =
        Json.object()
            .put("time", time(event))
            .put("level", event.getLevel().toString())
            .put("logger", event.getLoggerName())
            .put("message", event.getFormattedMessage());
    for (Map.Entry<String, Object> value : values(event).entrySet()) {
      if (!line.has(value.getKey())) {
        put(line, value.getKey(), value.getValue());
      }
    }
    if (event.getThrowableProxy() != null) {
      line.put("stack_trace", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    byte[] json = Json.bytes(line);
    byte[] bytes = Arrays.copyOf(json, json.length + 1);
    bytes[json.length] = '\n';
    return bytes;
  }

  private static void put(ObjectNode line, String name, Object value) {
    if (value instanceof Integer || value instanceof Long) {
      line.put(name, ((Number) value).longValue());
    } else if (value instanceof Number number) {
      line.put(name, number.doubleValue());
    } else if (value instanceof Boolean isSo) {
      line.put(name, isSo);
    } else {
      line.put(name, String.valueOf(value));
    }
  }
}
