package io.github.recurrent.architecture;

import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.LocationProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The classes of all modules that have any, without their tests. */
final class Modules implements LocationProvider {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  @Override
  public Set<Location> get(Class<?> test) {
    Set<Location> locations = new LinkedHashSet<>();
    for (Path module : modules()) {
      Path classes = module.resolve("target").resolve("classes");
      if (!Files.isDirectory(classes)) {
        throw new IllegalStateException(
            classes + " is missing: build all modules, and name each below examples in this pom");
      }
      locations.add(Location.of(classes));
    }
    return locations;
  }

  /** Returns the folders of the modules, at the top and below {@code examples}. */
  private static List<Path> modules() {
    try (Stream<Path> library = Files.list(ROOT);
        Stream<Path> examples = Files.list(ROOT.resolve("examples"))) {
      return Stream.concat(library, examples)
          .filter(folder -> Files.isRegularFile(folder.resolve("pom.xml")))
          .filter(
              folder -> Files.isDirectory(folder.resolve("src").resolve("main").resolve("java")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
