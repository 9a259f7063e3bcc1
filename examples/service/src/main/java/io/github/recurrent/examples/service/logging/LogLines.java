package io.github.recurrent.examples.service.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.LoggerFactory;

/** The lines that go to standard error. */
public final class LogLines {
  private static final String APPENDER = "console";

  private LogLines() {}

  /** Writes lines in a format from now on, unless Logback was configured in another way. */
  public static void use(LogFormat format) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(APPENDER)
            instanceof OutputStreamAppender<ILoggingEvent> appender) {
      Line line =
          switch (format) {
            case TEXT -> new TextLine();
            case JSON -> new JsonLine();
          };
      line.setContext(context);
      line.start();
      appender.setEncoder(line);
    }
  }
}
