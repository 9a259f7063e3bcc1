package io.github.recurrent.examples.experiments.console;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import io.github.recurrent.tf.Device;
import java.nio.file.Path;
import java.util.Arrays;

/** What a program was told: arguments of their own, or several in one, between commas. */
public final class Arguments {
  private final ImmutableList<String> values;

  private Arguments(ImmutableList<String> values) {
    this.values = values;
  }

  /** Takes the arguments of a {@code main}; empty ones do not count. */
  public static Arguments of(String[] given) {
    Splitter commas = Splitter.on(',').trimResults().omitEmptyStrings();
    return new Arguments(
        Arrays.stream(given)
            .flatMap(commas::splitToStream)
            .collect(ImmutableList.toImmutableList()));
  }

  /** Returns an argument, or a default where there are not so many. */
  public String get(int index, String otherwise) {
    return index < values.size() ? values.get(index) : otherwise;
  }

  /** Returns an argument as a path. */
  public Path path(int index, String otherwise) {
    return Path.of(get(index, otherwise));
  }

  /**
   * Returns the first argument, the seed; 42 where there is none.
   *
   * @throws IllegalArgumentException if it is not a whole number
   */
  public long seed() {
    String text = get(0, "42");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the first argument is the seed, a whole number, but is \"" + text + "\"", e);
    }
  }

  /**
   * Returns an argument as a whole number, or a default where there are not so many.
   *
   * @throws IllegalArgumentException if it is none
   */
  public int number(int index, String name, int otherwise) {
    String text = get(index, Integer.toString(otherwise));
    Integer number = Ints.tryParse(text);
    checkArgument(
        number != null, "argument %s is the number of %s, but is \"%s\"", index + 1, name, text);
    return number;
  }

  /**
   * Returns an argument as what to compute on; the CPU where there are not so many.
   *
   * @throws IllegalArgumentException unless it is {@code cpu}, {@code auto} or {@code gpu} with a
   *     number
   */
  public Device device(int index) {
    String text = Ascii.toLowerCase(get(index, "cpu"));
    if (text.equals("cpu")) {
      return Device.cpu();
    }
    if (text.equals("auto")) {
      return Device.auto();
    }
    Integer number = text.startsWith("gpu") ? Ints.tryParse(text.substring("gpu".length())) : null;
    checkArgument(
        number != null,
        "argument %s is the device, cpu, auto or gpu with a number such as gpu0, but is \"%s\"",
        index + 1,
        text);
    return Device.gpu(number);
  }

  /** Returns the arguments from one on. */
  public ImmutableList<String> from(int index) {
    return values.subList(Math.min(index, values.size()), values.size());
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
