package io.github.recurrent.examples.service.repository;

import java.io.IOException;
import java.nio.file.Path;

/** Where models are found. */
public abstract sealed class ModelSource permits OneModel, RepositoryFolder {
  /** Returns one exported model, as version 1 under a name. */
  public static ModelSource one(String name, Path folder) {
    return new OneModel(name, folder);
  }

  /** Returns a folder that holds models, with versions. */
  public static ModelSource folder(Path folder) {
    return new RepositoryFolder(folder);
  }

  /**
   * Looks at what is there now.
   *
   * @throws IOException if it cannot be seen
   */
  abstract Found look() throws IOException;
}
