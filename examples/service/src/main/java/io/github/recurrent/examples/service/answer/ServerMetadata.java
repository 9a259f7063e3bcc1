package io.github.recurrent.examples.service.answer;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/**
 * What the server tells of itself.
 *
 * @param extensions the protocol's extensions that are switched on
 */
public record ServerMetadata(ImmutableList<String> extensions) {
  /** The name of the server. */
  public static final String NAME = "recurrent";

  /** What runs the models. */
  public static final String PLATFORM = "recurrent_onnx";

  /** Returns the version of the program. */
  public static String version() {
    return Optional.ofNullable(ServerMetadata.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
