package io.github.recurrent.examples.service.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes an event as one line, whatever its texts hold. */
abstract class Line extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};

  @Override
  public final byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public final byte[] footerBytes() {
    return NOTHING;
  }

  /** Returns what an event has beside its message: of its thread, and its own. */
  static Map<String, Object> values(ILoggingEvent event) {
    Map<String, Object> values = new LinkedHashMap<>(event.getMDCPropertyMap());
    if (event.getKeyValuePairs() != null) {
      event.getKeyValuePairs().forEach(pair -> values.put(pair.key, pair.value));
    }
    return values;
  }
}
