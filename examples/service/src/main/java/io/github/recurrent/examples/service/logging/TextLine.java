package io.github.recurrent.examples.service.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Writes an event as people read it. Only stack traces go over several lines, each indented. */
public final class TextLine extends Line {
  @Override
  public byte[] encode(ILoggingEvent event) {
    String logger = event.getLoggerName();
    StringBuilder line =
        new StringBuilder()
            .append(time(event))
            .append(String.format(Locale.ROOT, " %-5s ", event.getLevel()))
            .append(logger.substring(logger.lastIndexOf('.') + 1))
            .append(": ");
    appendPrintable(line, event.getFormattedMessage());
    values(event)
        .forEach(
            (name, value) -> {
              line.append(' ');
              appendPrintable(line, name);
              line.append('=');
              appendPrintable(line, String.valueOf(value));
            });
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      ThrowableProxyUtil.asString(event.getThrowableProxy())
          .lines()
          .forEach(
              part -> {
                line.append("    ");
                appendPrintable(line, part.replace("\t", "  "));
                line.append('\n');
              });
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Appends text without characters that end a line or change how it is shown. */
  private static void appendPrintable(StringBuilder line, String text) {
    text.codePoints()
        .forEach(
            code -> {
              switch (Character.getType(code)) {
                case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    line.append(String.format(Locale.ROOT, "\\u%04x", code));
                default -> line.appendCodePoint(code);
              }
            });
  }
}
