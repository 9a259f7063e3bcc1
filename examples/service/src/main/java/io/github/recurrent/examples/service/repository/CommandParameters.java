package io.github.recurrent.examples.service.repository;

import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Shown;
import java.util.Collection;

/** The parameters of loads and unloads. None may bring files or settings. */
public final class CommandParameters {
  /** Unloads what depends on a model too; nothing does here. */
  private static final String DEPENDENTS = "unload_dependents";

  private CommandParameters() {}

  /** Refuses all parameters. */
  public static void requireNone(Collection<String> names) {
    names.forEach(CommandParameters::refuse);
  }

  /** Refuses parameters that an unload does not have. */
  public static void requireOfUnload(Collection<String> names) {
    names.stream().filter(name -> !name.equals(DEPENDENTS)).forEach(CommandParameters::refuse);
  }

  private static void refuse(String name) {
    throw Fault.bad(
        "parameters has "
            + Shown.text(name)
            + ", which is never taken here: a model is loaded as it is in the repository");
  }
}
