package io.github.recurrent.examples.service.serving;

/**
 * What a version of a model is at.
 *
 * @param reason why it is not ready, or why its changed files are not used; else empty
 */
public record ModelStatus(String name, String version, State state, String reason) {
  /** The states that the protocol's repository has, as far as a version can be in them here. */
  public enum State {
    LOADING,
    READY,
    UNAVAILABLE
  }
}
