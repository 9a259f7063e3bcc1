package io.github.recurrent.examples.service;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What a logger writes while this is open. */
final class Lines implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final Level level;
  private final AppenderBase<ILoggingEvent> appender;

  private Lines(String name, Encoder<ILoggingEvent> encoder, Level least) {
    logger = (Logger) LoggerFactory.getLogger(name);
    level = logger.getLevel();
    appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(new String(encoder.encode(event), StandardCharsets.UTF_8));
          }
        };
    appender.setContext(logger.getLoggerContext());
    appender.start();
    logger.setLevel(least);
    logger.addAppender(appender);
  }

  /** Collects what a logger writes, as an encoder has it, from a level on. */
  static Lines of(String logger, Encoder<ILoggingEvent> encoder, Level least) {
    return new Lines(logger, encoder, least);
  }

  List<String> all() {
    return lines;
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setLevel(level);
  }
}
