package io.github.recurrent.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A type is public only if a program of another package needs it. */
final class PublicTypesTest {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "(?m)^public (?:(?:abstract|final|sealed|non-sealed) )*"
              + "(?:class|interface|record|enum|@interface) (\\w+)");
  private static final int MOST = 80;
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);

  /**
   * What programs are meant to catch, to ask, or to write as a lambda, though none here names it.
   */
  private static final Set<String> ALSO_NEEDED = Set.of("TrainingDivergedException");

  private record Source(Path file, String packageName, String code) {
    static Source read(Path file) throws IOException {
      String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
      Matcher name = PACKAGE.matcher(code);
      return new Source(file, name.find() ? name.group(1) : "", code);
    }

    boolean isPublished() {
      return file.startsWith(ROOT.resolve("recurrent-core"))
          || file.startsWith(ROOT.resolve("recurrent-tf"))
          || file.startsWith(ROOT.resolve("recurrent-onnx"));
    }

    boolean isMain() {
      return isBelow(ROOT.relativize(file), "main");
    }

    boolean names(String type) {
      return Pattern.compile("\\b" + type + "\\b").matcher(code).find();
    }
  }

  @Test
  void everyPublicTypeIsNamedByAnotherPackageOrByAPublicTypeBesideIt() throws IOException {
    List<Source> sources = sources();
    Set<String> unused = new LinkedHashSet<>();
    int found = 0;
    for (Source source : sources) {
      Matcher type = PUBLIC_TYPE.matcher(source.code());
      if (source.isPublished()
          && source.isMain()
          && !source.packageName().contains(".internal")
          && type.find()) {
        found++;
        if (sources.stream().noneMatch(other -> needs(other, source, type.group(1)))) {
          unused.add(type.group(1));
        }
      }
    }
    unused.removeAll(ALSO_NEEDED);

    assertThat(found).as("public types, each of which needs a reason").isBetween(50, MOST);
    assertThat(unused).isEmpty();
  }

  private static boolean needs(Source other, Source source, String type) {
    boolean sameFile = other.file().equals(source.file());
    boolean outside = !other.packageName().equals(source.packageName());
    boolean publicBesideIt = other.isMain() && PUBLIC_TYPE.matcher(other.code()).find();
    return !sameFile && (outside || publicBesideIt) && other.names(type);
  }

  private static List<Source> sources() throws IOException {
    List<Source> sources = new ArrayList<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file : files.filter(PublicTypesTest::isSource).sorted().toList()) {
        sources.add(Source.read(file));
      }
    }
    return sources;
  }

  private static boolean isSource(Path file) {
    Path inside = ROOT.relativize(file);
    return file.toString().endsWith(".java") && !isBelow(inside, "target");
  }

  private static boolean isBelow(Path file, String folder) {
    for (Path part : file) {
      if (part.toString().equals(folder)) {
        return true;
      }
    }
    return false;
  }
}
