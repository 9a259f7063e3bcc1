package io.github.recurrent.examples.service;

import io.github.recurrent.examples.service.logging.LogFormat;
import picocli.CommandLine.Option;

/** The flags of what is logged. */
final class LogFlags {
  @Option(
      names = "--log",
      paramLabel = "text|json",
      defaultValue = "text",
      description =
          "how lines of the log are written: for people, or as a JSON object each (default"
              + " ${DEFAULT-VALUE})")
  LogFormat format = LogFormat.TEXT;

  @Option(
      names = "--access-log",
      paramLabel = "true|false",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "log a line for each request (default ${DEFAULT-VALUE})")
  boolean isAccessLogged;
}
