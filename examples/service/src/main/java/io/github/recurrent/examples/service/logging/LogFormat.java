package io.github.recurrent.examples.service.logging;

/** How a line of the log is written. */
public enum LogFormat {
  /** For people. */
  TEXT,
  /** A JSON object, for what collects logs. */
  JSON
}
