package io.github.recurrent.examples.service.request;

import java.util.List;
import java.util.Optional;

/**
 * What a request of the protocol holds, by whichever protocol it came, before the model and the
 * limits have a say.
 *
 * @param id what the answer repeats, if the request has one
 * @param outputs what is asked for; none for what is given unasked
 * @param isBinary whether what is given unasked is given as plain bytes
 */
public record InferMessage(
    Optional<String> id,
    Parameters parameters,
    List<Tensor> inputs,
    List<NamedOutput> outputs,
    boolean isBinary) {
  /**
   * An output that is asked for by name.
   *
   * @param place where it stands in the request
   * @param isBinary whether it is to be given as plain bytes
   */
  public record NamedOutput(String place, String name, boolean isBinary) {}
}
