package io.github.recurrent.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.fixtures.LoggedWarnings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RdfTest {
  private static final String PREFIX = "@prefix : <http://x.org/family#> .\n";

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<String> entities(KnowledgeGraph graph) {
    return IntStream.range(0, graph.entities()).mapToObj(graph::entityName).toList();
  }

  @Test
  void nTriplesNameEntitiesByTheirIris() throws IOException {
    Path file =
        write(
            "a.nt",
            """
            # family
            <http://x/Ada> <http://x/motherOf> <http://x/Zo\\u00EB> .
            _:b <http://x/knows> <http://x/Ada> .
            """);

    KnowledgeGraph graph = KnowledgeGraph.read(file);

    assertThat(entities(graph)).containsExactly("http://x/Ada", "http://x/Zoë", "_:0");
    assertThat(graph.relationName(0)).isEqualTo("http://x/motherOf");
    assertThat(graph.atomicFacts()).isEqualTo(2);
    assertThat(graph.tails(2, graph.relation("http://x/knows")).toArray()).containsExactly(0);
  }

  @Test
  @Timeout(60)
  void aFileThatBreaksOffInAListIsRefused() throws IOException {
    Path file = write("a.ttl", PREFIX + ":a :r (0 2(0 true) .\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(file))
        .withMessageContaining("a.ttl, line 2")
        .withMessageContaining("a list in parentheses has no end");
  }

  @Test
  void whateverTheParserThrowsNamesTheFile() throws IOException {
    Path file = write("a.nt", "<http://x/a> <http://x/r> <http://x/b> .\n_:\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(file))
        .withMessageContaining("a.nt, line ")
        .withMessageContaining("is not valid RDF");
  }

  @Test
  void listsThatNestTooDeepAreRefused() throws IOException {
    Path file = write("a.ttl", PREFIX + ":a :r " + "(".repeat(1_000_000));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(file))
        .withMessageContaining("a.ttl, line ")
        .withMessageContaining("nests its lists too deep");
  }

  @Test
  void whatAListenerThrowsIsNotTheFilesFault() throws IOException {
    Path file = write("a.ttl", PREFIX + ":a :r :b.\n".repeat(1_100_000));

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                KnowledgeGraph.reader()
                    .progress(
                        progress -> {
                          throw new IllegalStateException("mine");
                        })
                    .read(file))
        .withMessage("mine");
  }

  @Test
  void listsOfShortElementsAreRead() throws IOException {
    Path file = write("a.ttl", PREFIX + ":a :r(" + "()[]".repeat(20_000) + "1 2 3).\n");

    assertThat(KnowledgeGraph.read(file).atomicFacts()).isGreaterThan(80_000);
  }

  @Test
  void turtleIsReadByLocalNamesIfAskedTo() throws IOException {
    Path file = write("a.ttl", PREFIX + ":Ada :motherOf :Bob, :Eve ; :knows [ :knows :Bob ] .\n");

    KnowledgeGraph graph = KnowledgeGraph.reader().localNames().read(file);

    assertThat(entities(graph)).containsExactlyInAnyOrder("Ada", "Bob", "Eve", "_:0");
    assertThat(graph.relations()).isEqualTo(2);
    Query knows = Query.from("Ada").follow("knows");
    assertThat(graph.answers(knows)).containsExactly("_:0");
    assertThat(graph.answers(knows.follow("knows"))).containsExactly("Bob");
    assertThat(graph.tails(graph.entity("Ada"), graph.relation("motherOf")).length()).isEqualTo(2);
    assertThat(KnowledgeGraph.read(file)).isEqualTo(KnowledgeGraph.read(file));
  }

  @Test
  void localNamesThatStandForTwoIrisAreRefused() throws IOException {
    Path file = write("a.nt", "<http://x/Ada> <http://x/r> <http://y/Ada> .\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.reader().localNames().read(file))
        .withMessageContaining("line 1")
        .withMessageContaining("the local name \"Ada\" of http://y/Ada is that of another");
  }

  @Test
  void literalsAreLeftOutAndCountedUnlessKept() throws IOException {
    Path file =
        write("a.ttl", PREFIX + ":Ada :age 36 ; :name \"Ada B.\"@en, \"\" ; :knows :Bob .\n");

    try (LoggedWarnings logged = LoggedWarnings.of(KnowledgeGraph.class)) {
      assertThat(KnowledgeGraph.read(file).atomicFacts()).isEqualTo(1);

      assertThat(logged.messages()).singleElement().asString().contains("3 of 4", "keepLiterals()");
    }
    KnowledgeGraph all = KnowledgeGraph.reader().keepLiterals().localNames().read(file);
    assertThat(entities(all)).contains("36", "Bob");
  }

  @Test
  void whatIsNotRdfIsNamedByItsLine() throws IOException {
    String good = "<http://x/a> <http://x/r> <http://x/b> .\n";
    for (String name : List.of("bad.nt", "bad.ttl")) {
      Path file = write(name, good + "<http://x/a> oops <http://x/b> .\n" + good);

      assertThatExceptionOfType(FileFormatException.class)
          .isThrownBy(() -> KnowledgeGraph.read(file))
          .withMessageContaining(name + ", line 2: is not valid RDF");
    }
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(write("empty.nt", "# nothing\n")))
        .withMessageContaining("holds no triple");
  }

  @Test
  void theArtifactIsNamedWhereTheLibraryIsMissing() throws Exception {
    Path file = write("a.ttl", PREFIX + ":Ada :knows :Bob .\n");
    Class<?> graph =
        new WithoutRdf4j(RdfTest.class.getClassLoader()).loadClass(KnowledgeGraph.class.getName());

    assertThatThrownBy(() -> graph.getMethod("read", Path.class).invoke(null, file))
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("org.eclipse.rdf4j:rdf4j-rio-turtle");
    Path text = write("a.tsv", "a\tr\tb\n");
    assertThat(graph.getMethod("read", Path.class).invoke(null, text))
        .hasToString("KnowledgeGraph[2 entities, 1 relations, 1 atomic facts]");
  }

  /** Loads this library's classes anew, and none of RDF4J's. */
  private static final class WithoutRdf4j extends ClassLoader {
    WithoutRdf4j(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.eclipse.rdf4j.")) {
        throw new ClassNotFoundException(name);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      if (!name.startsWith("io.github.recurrent.")) {
        return super.loadClass(name, resolve);
      }
      String resource = name.replace('.', '/') + ".class";
      try (InputStream in = Objects.requireNonNull(getParent().getResourceAsStream(resource))) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
