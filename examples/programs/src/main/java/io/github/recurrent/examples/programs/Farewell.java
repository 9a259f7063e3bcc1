package io.github.recurrent.examples.programs;

/**
 * Says what is kept, and how to go on, if the virtual machine is told to end during a run, as by
 * Ctrl-C. Closed at the end of the run. Thread-safe.
 */
final class Farewell implements AutoCloseable {
  private final Thread hook;
  private volatile boolean isTrained;

  private Farewell(RunFolder run, String command) {
    hook =
        new Thread(
            () ->
                System.out.printf(
                    "%nStopped. %s kept in %s. To go on:%n  %s%n",
                    isTrained ? "The trained model is" : "What is trained so far is",
                    run.path(),
                    run.resume(command)));
  }

  static Farewell of(RunFolder run, String command) {
    Farewell farewell = new Farewell(run, command);
    Runtime.getRuntime().addShutdownHook(farewell.hook);
    return farewell;
  }

  /** The training is over. */
  void trained() {
    isTrained = true;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The virtual machine ends: the hook speaks.
    }
  }
}
