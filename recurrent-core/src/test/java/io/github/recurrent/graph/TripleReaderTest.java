package io.github.recurrent.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.fixtures.LoggedWarnings;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TripleReaderTest {
  @TempDir Path folder;

  private static Path hostile(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(
                TripleReaderTest.class.getResource("/fixtures/hostile_triples/" + name))
            .toURI());
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<String> entities(KnowledgeGraph graph) {
    return IntStream.range(0, graph.entities()).mapToObj(graph::entityName).toList();
  }

  @ParameterizedTest
  @CsvSource({"bom.csv, 2", "blank.csv, 2", "header.tsv, 2", "header.txt, 2", "trailing.tsv, 2"})
  void filesAsPeopleHaveThemHoldWhatTheyShow(String name, int facts) throws Exception {
    KnowledgeGraph graph = KnowledgeGraph.read(hostile(name));

    assertThat(entities(graph)).containsExactly("Ada", "Bob");
    assertThat(graph.atomicFacts()).isEqualTo(facts);
  }

  @ParameterizedTest
  @ValueSource(strings = {".tsv", ".csv"})
  void namesBeyondAsciiAreReadAsUtf8(String suffix) throws IOException {
    String separator = suffix.equals(".tsv") ? "\t" : ",";
    List<String> names = List.of("Zoë", "李雷", "Женя", "🌻");
    String lines =
        String.join(separator + "kennt" + separator, names.subList(0, 2))
            + "\n"
            + String.join(separator + "kennt" + separator, names.subList(2, 4));

    assertThat(entities(KnowledgeGraph.read(write("names" + suffix, lines))))
        .containsExactlyElementsOf(names);
  }

  @Test
  void aLineThatIsNotUtf8IsNamed() throws IOException {
    Path file = folder.resolve("latin.tsv");
    Files.write(file, "a\tr\tb\nZoë\tr\tb\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(file))
        .withMessageContaining("latin.tsv, line 2: is not UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,r,b~~~b,r,c|4|''",
        "a,r,b~,,~ ~b,r,c,,|4|''",
        "\"a~x\",r,b~b,r|3|has 2 fields",
        "a,r,b~\"c~~d\",r|2|has 2 fields",
        "a,r,b~\"open,r,c~d,r,e|2|quote that is not closed",
        "a,r,b~~\"x\"y,r,c|3|behind a closing quote"
      })
  void linesAreCountedAsAnEditorShowsThem(String text, int line, String problem)
      throws IOException {
    Path file = write("lines.csv", text.replace("~", "\n") + (problem.isEmpty() ? "\nx" : ""));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(file))
        .withMessageContaining("line " + (problem.isEmpty() ? line + 1 : line) + ":")
        .withMessageContaining(problem);
  }

  @Test
  void aLongUnclosedQuoteIsNamedByTheLineOfItsTriple() throws IOException {
    Path file = write("long.csv", "a,r,b\n\"c,r,d\n" + "e,r,f\n".repeat(10_000));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(file))
        .withMessageContaining("long.csv, line 2:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"head,relation,tail", "Subject,Predicate,Object", "from,edge,to"})
  void aHeaderThatNamesTheColumnsIsNotATriple(String header) throws IOException {
    KnowledgeGraph graph = KnowledgeGraph.read(write("h.csv", "\n" + header + "\na,r,b\n"));

    assertThat(entities(graph)).containsExactly("a", "b");
  }

  @Test
  void aHeaderMayNameTheColumnsInAnyOrder() throws IOException {
    KnowledgeGraph graph = KnowledgeGraph.read(write("h.tsv", "source\ttarget\trelation\na\tb\tr"));

    assertThat(entities(graph)).containsExactly("a", "b");
    assertThat(graph.relationName(0)).isEqualTo("r");
  }

  @Test
  void aHeaderCanBeAskedForAndRuledOut() throws IOException {
    Path unknown = write("unknown.csv", "kind,ist,von\na,r,b\n");
    Path known = write("known.csv", "head,relation,tail\na,r,b\n");

    assertThat(KnowledgeGraph.read(unknown).atomicFacts()).isEqualTo(2);
    assertThat(KnowledgeGraph.reader().header(true).read(unknown).atomicFacts()).isEqualTo(1);
    assertThat(KnowledgeGraph.read(known).atomicFacts()).isEqualTo(1);
    assertThat(KnowledgeGraph.reader().header(false).read(known).atomicFacts()).isEqualTo(2);
  }

  @Test
  void commentsAreLeftOutWhenAskedFor() throws Exception {
    Path file = hostile("comment.tsv");

    assertThat(KnowledgeGraph.reader().comments('#').read(file).atomicFacts()).isEqualTo(1);
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(file))
        .withMessageContaining("line 1")
        .withMessageContaining("comments('#')");
    assertThat(entities(KnowledgeGraph.read(write("tags.tsv", "#one\tr\t#two\n"))))
        .containsExactly("#one", "#two");
  }

  @Test
  void aCommentMayHoldQuotesAndLinesGoOnBehindIt() throws IOException {
    Path file = write("c.csv", "a,r,b\n# \"open, it's\nb,r\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.reader().comments('#').read(file))
        .withMessageContaining("line 3: has 2 fields");
  }

  @ParameterizedTest
  @ValueSource(chars = {' ', ',', '"', '\t'})
  void aCommentCannotBeginWithWhatSeparatesNames(char marker) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KnowledgeGraph.reader().comments(marker))
        .withMessageContaining("comment");
  }

  @Test
  void quotesArePartOfANameOfATsvFile() throws Exception {
    assertThat(KnowledgeGraph.read(hostile("quoted.tsv")).entityName(0))
        .isEqualTo("\"Smith, \"\"Bob\"\"\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00a0\tr\tb", "\u200b\tr\tb", "a\t \tb", "a\tr\t\ufeff\u2060"})
  void aNameMustHaveTextThatCanBeSeen(String line) throws IOException {
    Path file = write("blank.tsv", "a\tr\tb\n" + line + "\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(file))
        .withMessageContaining("line 2")
        .withMessageContaining("must have text");
  }

  @Test
  void anglesWithinANameAreItsOwn() throws Exception {
    assertThat(entities(KnowledgeGraph.read(hostile("angle.tsv"))))
        .containsExactly("x < y", "y > x");
  }

  @Test
  void anglesAroundANameAreNTriples() throws IOException {
    Path file = write("n.tsv", "<http://x/a>\t<http://x/r>\t<http://x/b>\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(file))
        .withMessageContaining("line 1")
        .withMessageContaining("N-Triples");
  }

  @Test
  void relationsThatLookTheSameAreKeptApartWithAWarning() throws IOException {
    Path file = write("relations.tsv", "a\tknows\tb\nb\tknows\u200b\ta\n");

    try (LoggedWarnings warnings = LoggedWarnings.of(KnowledgeGraph.class)) {
      assertThat(KnowledgeGraph.read(file).relations()).isEqualTo(2);

      assertThat(warnings.messages()).singleElement().asString().contains("names of relations");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Zo\u00eb, Zoe\u0308",
    "Ann, A\u200bnn",
    "Ann, Ann\ufeff",
    "Ann Lee, Ann\u00a0Lee",
    "Zo\u00eb\u200b, Zoe\u0308"
  })
  void namesThatLookTheSameAreKeptApartWithAWarning(String one, String other) throws IOException {
    Path file = write("names.tsv", one + "\tr\tb\n" + other + "\tr\tc\n");

    try (LoggedWarnings warnings = LoggedWarnings.of(KnowledgeGraph.class)) {
      assertThat(KnowledgeGraph.read(file).entities()).isEqualTo(4);

      assertThat(warnings.messages())
          .singleElement()
          .asString()
          .contains("names.tsv", "names of entities", "\\u");
    }
  }

  @Test
  void namesOfManyLanguagesGiveNoWarning() throws IOException {
    Path file = write("names.tsv", "Zoë\tmère de\tمی‌خواهم\n李雷\tkennt\t👨‍👩‍👧\n");

    try (LoggedWarnings warnings = LoggedWarnings.of(KnowledgeGraph.class)) {
      assertThat(KnowledgeGraph.read(file).entities()).isEqualTo(4);

      assertThat(warnings.messages()).isEmpty();
    }
  }

  @Test
  void repeatedTriplesAreCountedOrRefused() throws IOException {
    Path file = write("twice.csv", "a,r,b\nb,r,c\na,r,b\na,r,b\n");
    List<RecordChecks.Counts> counts = new ArrayList<>();
    RecordChecks counting =
        RecordChecks.of(RecordChecks.Policy.COUNT, RecordChecks.Policy.COUNT).listener(counts::add);

    assertThat(KnowledgeGraph.reader().checks(counting).read(file).atomicFacts()).isEqualTo(2);
    assertThat(counts).containsExactly(new RecordChecks.Counts(file, "line", 4, 2, 3, 0, 0));
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(
            () ->
                KnowledgeGraph.reader()
                    .checks(RecordChecks.of(RecordChecks.Policy.REFUSE, RecordChecks.Policy.REFUSE))
                    .read(file))
        .withMessageContaining("line 3")
        .withMessageContaining("2 of 4 triples");
    try (LoggedWarnings warnings = LoggedWarnings.of(RecordChecks.class)) {
      KnowledgeGraph.read(file);

      assertThat(warnings.messages()).singleElement().asString().contains("2 of 4", "at line 3");
    }
  }

  @Test
  void severalTailsAreFactsUnlessTheChecksRefuseThem() throws Exception {
    Path file = hostile("multi.tsv");
    List<RecordChecks.Counts> counts = new ArrayList<>();

    assertThat(KnowledgeGraph.read(file).tails(0, 0).toArray()).containsExactly(1, 2);
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(
            () ->
                KnowledgeGraph.reader()
                    .checks(RecordChecks.of(RecordChecks.Policy.COUNT, RecordChecks.Policy.REFUSE))
                    .read(file))
        .withMessageContaining("line 2")
        .withMessageContaining("gives Ada the tail Eve by mother of")
        .withMessageContaining("an earlier line gives it Bob");
    KnowledgeGraph graph =
        KnowledgeGraph.reader()
            .checks(
                RecordChecks.of(RecordChecks.Policy.REFUSE, RecordChecks.Policy.COUNT)
                    .listener(counts::add))
            .read(file);
    assertThat(graph.atomicFacts()).isEqualTo(2);
    assertThat(counts).containsExactly(new RecordChecks.Counts(file, "line", 2, 0, 0, 1, 2));
  }

  @Test
  void theFirstContradictionOfAFileIsNamedByItsLine() throws IOException {
    Path file = write("lines.tsv", "b\tr\tx\n\na\tr\ty\na\tr\ty\n\na\tr\tz\nb\tr\ty\nb\tr\tx\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.reader().ambiguity(Ambiguity.refuse()).read(file))
        .withMessageContaining("lines.tsv, line 6: gives a the tail z by r")
        .withMessageContaining("an earlier line gives it y");
  }

  @Test
  void bytesThatAreNotUtf8WithinANameAreNamed() throws IOException {
    Path file = folder.resolve("latin.tsv");
    Files.write(file, "a\tr\tb\nPérez\tr\tb\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(file))
        .withMessageContaining("latin.tsv, line 2: is not UTF-8");
  }

  @Test
  void aLineOfTooFewFieldsThatIsNotUtf8IsToldByItsBytes() throws IOException {
    Path file = folder.resolve("latin.tsv");
    Files.write(file, "a\tr\tb\nPérez r b\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(file))
        .withMessageContaining("latin.tsv, line 2: is not UTF-8");
  }

  @Test
  void aByteOrderMarkIsNotPartOfANameOfATsvFile() throws IOException {
    assertThat(entities(KnowledgeGraph.read(write("bom.tsv", "\ufeffAda\tr\tBob\n"))))
        .containsExactly("Ada", "Bob");
  }

  @ParameterizedTest
  @CsvSource({"4", "9", "30"})
  void aLineOfMoreFieldsIsRefusedWithTheirNumber(int fields) throws IOException {
    for (String separator : List.of("\t", ",")) {
      String line = String.join(separator, Collections.nCopies(fields, "x"));
      Path file = write(separator.equals(",") ? "m.csv" : "m.tsv", line + "\n");

      assertThatExceptionOfType(FileFormatException.class)
          .isThrownBy(() -> KnowledgeGraph.read(file))
          .withMessageContaining("line 1: has " + fields + " fields, but a triple has 3");
    }
  }

  @Test
  void anEmptyNameIsNamedByItsRole() throws IOException {
    for (Path file : List.of(write("e.csv", "a,r,\n"), write("e.tsv", "a\tr\t\n"))) {
      assertThatExceptionOfType(FileFormatException.class)
          .isThrownBy(() -> KnowledgeGraph.read(file))
          .withMessageContaining("line 1: the tail is \"\", but a name must have text");
    }
  }

  @Test
  void aLineBreakOfTwoCharactersCountsOnce() throws IOException {
    Path text = write("crlf.tsv", "a\tr\tb\r\n");
    Path quoted = write("crlf.csv", "\"a\r\nb\",r,c\r\nd,r\r\n");
    List<RecordChecks.Counts> counts = new ArrayList<>();

    KnowledgeGraph graph =
        KnowledgeGraph.reader()
            .checks(
                RecordChecks.of(RecordChecks.Policy.COUNT, RecordChecks.Policy.COUNT)
                    .listener(counts::add))
            .read(text);

    assertThat(graph.atomicFacts()).isEqualTo(1);
    assertThat(counts).containsExactly(new RecordChecks.Counts(text, "line", 1, 0, 0, 0, 0));
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(quoted))
        .withMessageContaining("line 3: has 2 fields");
  }

  @Test
  void aTripleIsNamedByItsLineHoweverManyBlankOnesThereAre() throws IOException {
    String[] lines = new String[20];
    for (int line = 0; line < lines.length; line++) {
      lines[line] = line % 2 == 0 ? "e" + line + "\tr\tx" : "";
    }
    Path file = write("blank.tsv", String.join("\n", lines) + "\ne12\tr\tx\n");
    List<RecordChecks.Counts> counts = new ArrayList<>();

    KnowledgeGraph graph =
        KnowledgeGraph.reader()
            .checks(
                RecordChecks.of(RecordChecks.Policy.COUNT, RecordChecks.Policy.COUNT)
                    .listener(counts::add))
            .read(file);

    assertThat(graph.atomicFacts()).isEqualTo(10);
    assertThat(counts).containsExactly(new RecordChecks.Counts(file, "line", 11, 1, 21, 0, 0));
  }

  @Test
  void anotherRelationsTailIsNoContradiction() throws IOException {
    Path file = write("two.tsv", "q\tr\tq\na\ts\ty\na\tr\tx\na\ts\tz\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.reader().ambiguity(Ambiguity.refuse()).read(file))
        .withMessageContaining("two.tsv, line 4: gives a the tail z by s")
        .withMessageContaining("an earlier line gives it y");
  }

  @Test
  void theWarningOfNamesThatLookTheSameShowsHowTheyDiffer() throws IOException {
    try (LoggedWarnings warnings = LoggedWarnings.of(KnowledgeGraph.class)) {
      KnowledgeGraph unused =
          KnowledgeGraph.read(write("n.tsv", "Zo\u00eb\tr\tb\nZoe\u0308\tr\tb\n"));

      assertThat(warnings.messages())
          .singleElement()
          .asString()
          .contains(
              "\"Zoe\\u0308\" looks like \"Zo\\u00eb\", but is another; write names that mean the"
                  + " same in one way, such as in Unicode's form NFC");
    }
  }
}
