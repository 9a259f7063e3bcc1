package io.github.recurrent.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ascii;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What documents name is there: headings, types, their members, and flags. */
final class DocumentedNamesTest {
  private static final Path ROOT = Path.of("");
  private static final Pattern NAME = Pattern.compile("[\\w-]+");

  /** What the library does not define. */
  private static final Set<String> OTHERS = Set.of("CompletableFuture", "ServingRuntime");

  /** The words of each source file, by its name without extension. */
  private static final Map<String, Set<String>> WORDS = new HashMap<>();

  private static final Set<String> ALL_WORDS = new HashSet<>();

  @BeforeAll
  static void readSources() throws IOException {
    for (Path file : files(".*[/\\\\]src[/\\\\].*\\.(java|proto)")) {
      Set<String> words =
          NAME.matcher(Files.readString(file))
              .results()
              .map(MatchResult::group)
              .collect(Collectors.toSet());
      String name = file.getFileName().toString();
      WORDS
          .computeIfAbsent(name.substring(0, name.indexOf('.')), unused -> new HashSet<>())
          .addAll(words);
      ALL_WORDS.addAll(words);
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadToHeadings(Path document) throws IOException {
    for (MatchResult link : found("]\\((?!https?:)([^)#]*)#([^)]+)\\)", document)) {
      Path target =
          link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();

      assertThat(anchors(target)).as("%s in %s", link.group(), document).contains(link.group(2));
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void typesAreThere(Path document) throws IOException {
    for (String code : code(document)) {
      assertThat(Pattern.compile("(?<![-\\w])(?:[A-Z][a-z]+){2,}\\b").matcher(code).results())
          .extracting(MatchResult::group)
          .filteredOn(type -> !OTHERS.contains(type))
          .as("types of `%s` in %s", code, document)
          .allMatch(ALL_WORDS::contains);
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void membersAreThere(Path document) throws IOException {
    for (String code : code(document)) {
      assertThat(Pattern.compile("\\b([A-Z]\\w+)\\.(\\w+)").matcher(code).results())
          .filteredOn(call -> WORDS.containsKey(call.group(1)))
          .as("members of `%s` in %s", code, document)
          .allMatch(call -> WORDS.getOrDefault(call.group(1), Set.of()).contains(call.group(2)));
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void flagsAreThere(Path document) throws IOException {
    // curl's and Maven's own begin no span of code.
    for (String code : code(document)) {
      assertThat(Pattern.compile("^--[a-z-]+").matcher(code).results())
          .extracting(MatchResult::group)
          .as("flags of `%s` in %s", code, document)
          .allMatch(ALL_WORDS::contains);
    }
  }

  @Test
  void documentsAndSourcesAreFound() throws IOException {
    assertThat(documents()).hasSizeGreaterThan(10).contains(ROOT.resolve("README.md"));
    assertThat(WORDS).hasSizeGreaterThan(300);
    assertThat(code(ROOT.resolve("recurrent-core/README.md")))
        .contains("KnowledgeGraph.read(file)");
    assertThat(anchors(ROOT.resolve("recurrent-core/README.md"))).contains("graphs-and-datasets");
  }

  /** Returns spans of code, and programs. */
  private static List<String> code(Path document) throws IOException {
    Stream<String> spans =
        found("(?<!`)`([^`\\n]+)`(?!`)", document).stream().map(span -> span.group(1));
    Stream<String> programs =
        found("(?s)```java\\n(.*?)```", document).stream().map(block -> block.group(1));
    return Stream.concat(spans, programs).toList();
  }

  /** Returns what GitHub calls a document's headings. */
  private static List<String> anchors(Path document) throws IOException {
    return found("(?m)^#+ (.*)$", document).stream()
        .map(heading -> Ascii.toLowerCase(heading.group(1)))
        .map(heading -> heading.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
        .toList();
  }

  private static List<MatchResult> found(String pattern, Path document) throws IOException {
    return Pattern.compile(pattern).matcher(Files.readString(document)).results().toList();
  }

  private static List<Path> documents() throws IOException {
    return files(".*\\.md");
  }

  private static List<Path> files(String pattern) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().matches(pattern))
          .filter(file -> Stream.of("target", "runs").noneMatch(name -> isBelow(file, name)))
          .filter(Files::isRegularFile)
          .toList();
    }
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
