package io.github.recurrent.examples.service;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads and writes times such as {@code 500ms}, {@code 10s} and {@code 2m}. */
final class TimeText implements ITypeConverter<Duration> {
  private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m)");

  /** Returns a time as it is written here. */
  static String of(Duration time) {
    if (time.toMillis() % 1000 != 0) {
      return time.toMillis() + "ms";
    }
    return time.toSeconds() % 60 == 0 && !time.isZero()
        ? time.toMinutes() + "m"
        : time.toSeconds() + "s";
  }

  @Override
  public Duration convert(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw new TypeConversionException("\"" + text + "\" is not a time such as 500ms, 10s or 2m");
    }
    long count = Long.parseLong(time.group(1));
    return switch (time.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      default -> Duration.ofMinutes(count);
    };
  }
}
