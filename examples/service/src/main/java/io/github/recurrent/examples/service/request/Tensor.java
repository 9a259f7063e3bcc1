package io.github.recurrent.examples.service.request;

import java.util.List;

/**
 * A tensor of a request.
 *
 * @param place where it stands in the request
 * @param shape its sizes
 * @param data its elements, whose number and type are checked when they are asked for
 */
public record Tensor(
    String place, String name, String datatype, List<Long> shape, TensorData data) {
  private static final int MOST_DIMENSIONS = 8;

  /** Refuses a shape that no tensor has. */
  public Tensor {
    shape = List.copyOf(shape);
    for (long size : shape) {
      if (size < 0 || size > Integer.MAX_VALUE) {
        throw Fault.bad(
            place
                + ".shape must hold integers from 0 to "
                + Integer.MAX_VALUE
                + ", but has "
                + size);
      }
    }
    if (shape.isEmpty() || shape.size() > MOST_DIMENSIONS) {
      throw Fault.bad(
          place + ".shape must have 1 to " + MOST_DIMENSIONS + " sizes, but has " + shape.size());
    }
  }

  /** Refuses another type or another number of dimensions than an input has. */
  void require(String type, int dimensions) {
    if (!datatype.equals(type)) {
      throw Fault.bad(
          place + ".datatype of " + name + " must be " + type + ", but is " + Shown.text(datatype));
    }
    if (shape.size() != dimensions) {
      throw Fault.bad(
          place + ".shape of " + name + " must have " + dimensions + " sizes, but is " + shape);
    }
  }

  /** Returns as many strings as the shape says. */
  List<String> strings() {
    List<String> strings = data.strings();
    requireCount(strings.size());
    return strings;
  }

  /** Returns as many integers as the shape says. */
  long[] integers() {
    long[] integers = data.integers();
    requireCount(integers.length);
    return integers;
  }

  private void requireCount(int count) {
    double wanted = shape.stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
    if (wanted != count) {
      throw Fault.bad(place + ".data has " + count + " elements, but the shape is " + shape);
    }
  }
}
