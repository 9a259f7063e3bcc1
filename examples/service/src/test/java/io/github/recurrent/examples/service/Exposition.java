package io.github.recurrent.examples.service;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Metrics in the text format of Prometheus, every line of which must be as the format says. */
final class Exposition {
  private static final Pattern HELP = Pattern.compile("# HELP (\\S+) (\\S.*)");
  private static final Pattern TYPE =
      Pattern.compile("# TYPE ([a-z_]+) (counter|gauge|histogram|summary|untyped)");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-z_]+)(\\{(?:[a-z_]+=\"[^\"\\\\\n]*\",?)*\\})? (\\+Inf|NaN|-?[0-9.]+(?:E-?[0-9]+)?)");

  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, Double> samples = new LinkedHashMap<>();

  Exposition(String text) {
    Set<String> helped = new HashSet<>();
    String name = "";
    for (String line : text.lines().toList()) {
      Matcher help = HELP.matcher(line);
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (help.matches()) {
        require(helped.add(help.group(1)), line);
      } else if (type.matches()) {
        name = type.group(1);
        require(helped.contains(name) && types.put(name, type.group(2)) == null, line);
      } else {
        require(sample.matches() && belongs(sample.group(1), name), line);
        String labels = sample.group(2) == null ? "" : sample.group(2);
        require(samples.put(sample.group(1) + labels, value(sample.group(3))) == null, line);
      }
    }
    require(text.endsWith("\n"), "the end");
  }

  private boolean belongs(String sample, String name) {
    return switch (String.valueOf(types.get(name))) {
      case "histogram" -> Set.of(name + "_bucket", name + "_count", name + "_sum").contains(sample);
      case "summary" -> Set.of(name + "_count", name + "_sum").contains(sample);
      default -> sample.equals(name);
    };
  }

  private static double value(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  private static void require(boolean isRight, String line) {
    if (!isRight) {
      throw new AssertionError("not in Prometheus's text format: " + line);
    }
  }

  Map<String, String> types() {
    return types;
  }

  /** Returns the samples whose names have labels in which the text stands. */
  Map<String, Double> with(String labels) {
    return samples.entrySet().stream()
        .filter(sample -> sample.getKey().contains(labels))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Returns a value; NaN if there is none. */
  double value(String name, String labels) {
    return samples.getOrDefault(
        String.format(Locale.ROOT, "%s%s", name, labels.isEmpty() ? "" : "{" + labels + "}"),
        Double.NaN);
  }
}
