package io.github.recurrent.examples.service.page;

import com.google.common.collect.ImmutableSet;
import com.linecorp.armeria.common.QueryParams;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Shown;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.ServedModel;
import java.util.Optional;

/** What stands behind the question mark of a path. */
final class PathParameters {
  static final String MODEL = "model";
  static final String VERSION = "version";

  private PathParameters() {}

  /** Refuses parameters that mean nothing, and those that are there twice. */
  static void requireOnly(QueryParams parameters, ImmutableSet<String> known) {
    for (String name : parameters.names()) {
      if (!known.contains(name) || parameters.getAll(name).size() > 1) {
        throw Fault.bad(
            "the parameters of this path are "
                + String.join(", ", known)
                + ", each at most once, but one is "
                + Shown.text(name));
      }
    }
  }

  /** Returns the model to look at: the first by name, unless another is named. */
  static ServedModel model(QueryParams parameters, Models models) {
    String name =
        Optional.ofNullable(parameters.get(MODEL))
            .or(() -> models.names().stream().findFirst())
            .orElseGet(models::only);
    return models.find(name, parameters.get(VERSION, ""), Fault::bad);
  }
}
