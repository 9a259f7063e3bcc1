package io.github.recurrent.examples.service.request;

import java.util.List;

/** The elements of a tensor in row-major order, in the form in which a request carries them. */
public interface TensorData {
  /**
   * Returns the elements as strings.
   *
   * @throws Fault if they are not
   */
  List<String> strings();

  /**
   * Returns the elements as integers.
   *
   * @throws Fault if they are not
   */
  long[] integers();
}
