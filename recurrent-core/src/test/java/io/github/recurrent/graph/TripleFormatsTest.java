package io.github.recurrent.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.fixtures.LoggedWarnings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TripleFormatsTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    try (OutputStream out = Files.newOutputStream(file);
        OutputStream content = name.endsWith(".gz") ? new GZIPOutputStream(out) : out) {
      content.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private static List<String> triples(KnowledgeGraph graph) {
    TreeSet<String> triples = new TreeSet<>();
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      triples.add(
          graph.entityName(graph.head(fact))
              + "|"
              + graph.relationName(graph.relation(fact))
              + "|"
              + graph.entityName(graph.tail(fact)));
    }
    return List.copyOf(triples);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.tsv", "a.TSV.gz", "a.txt", "a.txt.gz", "a.csv", "a.csv.gz"})
  void textsMayBeCompressed(String name) throws IOException {
    String separator = name.contains("csv") ? "," : "\t";
    String line = String.join(separator, "Ada", "mother of", "Bob") + "\r\n";

    assertThat(triples(KnowledgeGraph.read(write(name, line))))
        .containsExactly("Ada|mother of|Bob");
  }

  @Test
  void columnsAndSeparatorsAreAsSaid() throws IOException {
    KnowledgeGraph.Reader reader = KnowledgeGraph.reader().headTailRelation();

    assertThat(triples(reader.read(write("a.tsv", "a\tb\tr\n")))).containsExactly("a|r|b");
    assertThat(triples(reader.separator('|').read(write("b.txt", "a | b | r\n"))))
        .containsExactly("a|r|b");
    assertThat(triples(reader.separator(';').read(write("c.csv", "\"a;\";b;r\n"))))
        .containsExactly("a;|r|b");
    assertThat(triples(reader.read(write("d.tsv", "head\trelation\ttail\na\tr\tb\n"))))
        .as("a header that names the columns is right")
        .containsExactly("a|r|b");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KnowledgeGraph.reader().separator('\n'))
        .withMessageContaining("separator");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x < y|implies|y > x",
        "\"Smith, \"\"Bob\"\"\"|knows|'Ada'",
        "李 雷|认识|韓 梅梅",
        "مها|تعرف|ليلى",
        "<x|>r|y>",
        "e 1|r|🌻"
      })
  void namesOfAnyScriptAndSignsWork(String triple) throws IOException {
    assertThat(triples(KnowledgeGraph.read(write("n.tsv", triple.replace('|', '\t') + "\n"))))
        .containsExactly(triple);
  }

  @ParameterizedTest
  @CsvSource({"\u00a0", "\u3000", "\u2003", "\u1680", "\u205f", "' \u00a0 '"})
  void whiteSpaceOfAnyScriptAroundNamesIsLeftOut(String blank) throws IOException {
    String line = blank + "\u3042" + blank + "\tr" + blank + "\t" + blank + "b\n";

    assertThat(triples(KnowledgeGraph.read(write("b.tsv", line)))).containsExactly("\u3042|r|b");
  }

  @Test
  void linesMayLieAcrossTheBufferAndEndInAnyWay() throws IOException {
    StringBuilder text = new StringBuilder("\ufeff");
    int lines = 20_000;
    for (int line = 0; line < lines; line++) {
      text.append("entity ").append(line).append("\tr\tentity ").append(line + 1);
      text.append(line % 3 == 0 ? "\r" : line % 3 == 1 ? "\r\n" : "\n");
    }
    text.append("bad line");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(write("long.tsv", text.toString())))
        .withMessageContaining("line 20001: has 1 field");
    KnowledgeGraph graph =
        KnowledgeGraph.read(write("good.tsv", text.substring(0, text.length() - 8)));
    assertThat(graph.entities()).isEqualTo(lines + 1);
    assertThat(graph.entityName(lines)).isEqualTo("entity " + lines);
    assertThat(graph.atomicFacts()).isEqualTo(lines);
  }

  @Test
  void progressIsToldToTheEnd() throws IOException {
    Path file = write("p.tsv.gz", "a\tr\tb\n".repeat(1_100_000));
    List<KnowledgeGraph.Reader.Progress> heard = new ArrayList<>();

    assertThat(KnowledgeGraph.reader().progress(heard::add).read(file).atomicFacts()).isEqualTo(1);

    long size = Files.size(file);
    assertThat(heard).hasSize(2);
    assertThat(heard.get(0).lines()).isEqualTo(1 << 20);
    assertThat(heard.get(1))
        .isEqualTo(new KnowledgeGraph.Reader.Progress(file, 1_100_000, size, size));
  }

  @Test
  void aCompressedFileThatIsCutShortIsNamed() throws IOException {
    for (String name : List.of("a.tsv.gz", "a.csv.gz")) {
      String separator = name.contains("csv") ? "," : "\t";
      String line = String.join(separator, "a", "r", "b") + "\n";
      byte[] whole = Files.readAllBytes(write(name, line.repeat(1000)));
      for (int length : new int[] {0, 5, whole.length / 2, whole.length - 1}) {
        Path cut = Files.write(folder.resolve("cut " + name), Arrays.copyOf(whole, length));

        assertThatExceptionOfType(FileFormatException.class)
            .isThrownBy(() -> KnowledgeGraph.read(cut))
            .withMessageContaining(cut + ": ends within its compressed data");
      }
    }
  }

  @Test
  void aFileThatIsNotCompressedAsItsNameSaysIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("a.tsv.gz"), "Ada\tmother of\tBob\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(file))
        .withMessageContaining("a.tsv.gz: is not valid gzip");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.tsv", "a.csv.gz", "a"})
  void aFolderInPlaceOfAFileIsNamed(String name) throws IOException {
    Path given = Files.createDirectory(folder.resolve(name));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(given))
        .withMessageContaining(given + ": is a folder")
        .withMessageContaining("KnowledgeGraph.readSplits");
  }

  @Test
  void aLineWithoutEndIsRefusedByItsLength() throws IOException {
    String endless = "a\tr\tb\n" + "x".repeat(8_000_000);

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(write("e.tsv.gz", endless + "\nc\tr\td\n")))
        .withMessageContaining("e.tsv.gz, line 2: has 8000000 bytes, but a line has at most");
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(write("e.csv.gz", endless.replace('\t', ','))))
        .withMessageContaining("e.csv.gz, line 2: a triple begins here that has more than");
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(
            () -> KnowledgeGraph.read(write("n.tsv", "a\tr\t" + "y".repeat(2_000_000) + "\n")))
        .withMessageContaining("line 1: the tail has 2000000 bytes, but a name has at most");
  }

  @Test
  void idsAreReadAsOpenKeWritesThem() throws IOException {
    write("entity2id.txt", "3\nAda Byron\t0\nRome\t2\nBob\t1\n");
    write("relation2id.txt", "2\nmother of\t1\nborn in\t0\n");
    Path train = write("train2id.txt", "2\n0 1 1\n1\t2\t0\n");

    assertThat(triples(KnowledgeGraph.read(train)))
        .containsExactly("Ada Byron|mother of|Bob", "Bob|born in|Rome");
    KnowledgeGraph.Splits splits = KnowledgeGraph.readSplits(folder);
    assertThat(triples(splits.train())).hasSize(2);
    assertThat(splits.test().atomicFacts()).isZero();
    assertThat(splits.all()).isEqualTo(splits.train());
  }

  @ParameterizedTest
  @CsvSource({
    "'2\n0 1 1\n', line 1: says that 2 lines follow",
    "'1\n0 7 1\n', line 2: has the id \"7\"",
    "'1\n0 1\n', line 2: has 2 fields",
    "'0 1 1\n', line 1: is \"0 1 1\"",
    "'2000000000\n', 'line 1: is \"2000000000\"'"
  })
  void idsThatCannotBeAreNamed(String text, String message) throws IOException {
    write("entity2id.txt", "2\na\t0\nb\t1\n");
    write("relation2id.txt", "2\nr\t0\ns\t1\n");
    Path train = write("train2id.txt", text);

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(train))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "'2\na\t0\na\t1\n', gives the id 1 to",
    "'2\na\t0\nb\t0\n', gives the id 0 to",
    "'1\nalone\n', needs a name and its id"
  })
  void idsOfNamesAreOnesOwn(String text, String message) throws IOException {
    write("entity2id.txt", text);
    write("relation2id.txt", "1\nr\t0\n");
    Path train = write("train2id.txt", "1\n0 0 0\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(train))
        .withMessageContaining("entity2id.txt, line")
        .withMessageContaining(message);
  }

  @Test
  void splitsShareTheirNumbering() throws IOException {
    write("train.txt", "a\tr\tb\nb\tr\tc\n");
    write("valid.txt.gz", "c\ts\td\n");
    write("test.tsv", "d\tr\ta\na\tr\te\n");
    write("notes.md", "x");

    KnowledgeGraph.Splits splits = KnowledgeGraph.readSplits(folder);

    assertThat(triples(splits.train())).containsExactly("a|r|b", "b|r|c");
    assertThat(triples(splits.validation())).containsExactly("c|s|d");
    assertThat(triples(splits.test())).containsExactly("a|r|e", "d|r|a");
    assertThat(splits.all().atomicFacts()).isEqualTo(5);
    assertThat(splits.train().entities()).isEqualTo(5);
    assertThat(splits.train().entity("e")).isEqualTo(splits.test().entity("e"));
    assertThat(splits.train().relation("s")).isEqualTo(splits.validation().relation("s"));
  }

  @Test
  void aPairThatIsAmbiguousAcrossTheSplitsIsAmbiguous() throws IOException {
    write("train.tsv", "a\tr\tb\nb\tr\tc\n");
    write("test.tsv", "a\tr\tc\n");

    KnowledgeGraph.Splits dropped =
        KnowledgeGraph.reader().ambiguity(Ambiguity.dropAmbiguous()).readSplits(folder);

    assertThat(triples(dropped.train())).containsExactly("b|r|c");
    assertThat(dropped.test().atomicFacts()).isZero();
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.reader().ambiguity(Ambiguity.refuse()).readSplits(folder))
        .withMessageContaining("gives a the tail c by r")
        .withMessageContaining("gives it b");
  }

  @Test
  void aFolderOfSplitsMustSayWhatToTrainOn() throws IOException {
    write("x/test.tsv", "a\tr\tb\n");
    write("y/train.tsv", "a\tr\tb\n");
    write("y/train.csv", "a,r,b\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.readSplits(folder.resolve("x")))
        .withMessageContaining("must hold a file of triples to train on");
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.readSplits(folder.resolve("y")))
        .withMessageContaining("holds both train.csv and train.tsv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.tsv", "out.tsv.gz"})
  void whatIsWrittenIsRead(String name) throws IOException {
    KnowledgeGraph graph =
        KnowledgeGraph.of(
            List.of(
                new Triple("head", "relation", "tail"),
                new Triple("Zoë \"Z\"", "x < y", "🌻"),
                new Triple("#tag", "relation", "head")));
    Path file = Files.writeString(folder.resolve(name), "older");

    graph.write(file);

    assertThat(triples(KnowledgeGraph.read(file))).isEqualTo(triples(graph));
    assertThat(folder.toFile().list()).containsExactly(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\tb", "a\nb", " a", "a\u00a0", "<a>"})
  void aNameThatWouldNotBeReadAsItIsIsNotWritten(String name) {
    KnowledgeGraph graph = KnowledgeGraph.of(List.of(new Triple("a", "r", name)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.write(folder.resolve("out.tsv")))
        .withMessageContaining("would not be read as it is");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.write(folder.resolve("out.csv")))
        .withMessageContaining("out.csv must be a .tsv or .tsv.gz file");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsToldWithTheFile() throws IOException {
    Path full = Files.createSymbolicLink(folder.resolve("full.tsv"), Path.of("/dev/full"));
    KnowledgeGraph graph = KnowledgeGraph.of(List.of(new Triple("a", "r", "b")));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> graph.write(full))
        .withMessageContaining("full.tsv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"p.csv", "p.nt"})
  void eachFormatTellsItsProgress(String name) throws IOException {
    Path file = write(name, name.endsWith(".csv") ? "a,r,b\n" : "<x:a> <x:r> <x:b> .\n");
    List<KnowledgeGraph.Reader.Progress> heard = new ArrayList<>();

    assertThat(KnowledgeGraph.reader().progress(heard::add).read(file).atomicFacts()).isEqualTo(1);

    long size = Files.size(file);
    assertThat(heard).containsExactly(new KnowledgeGraph.Reader.Progress(file, 1, size, size));
  }

  @Test
  void aFileOfCommasMayBeLongerThanALine() throws IOException {
    String line = "x".repeat(100_000) + ",r,b\n";

    KnowledgeGraph graph = KnowledgeGraph.read(write("long.csv.gz", line.repeat(50)));

    assertThat(graph.entities()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"e.nt.gz", "e.ttl.gz"})
  void aStatementWithoutEndIsRefused(String name) throws IOException {
    String endless = "<x:a> <x:r> <x:b> .\n<x:a> <x:r> \"" + "x".repeat(20_000_000);

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(write(name, endless)))
        .withMessageMatching(
            ".*line [12]: a statement that begins here or later has more than 16777216"
                + " characters; a quote must be closed");
  }

  @Test
  void manyStatementsMayBeLongerThanOne() throws IOException {
    String line = "<x:" + "a".repeat(500_000) + "> <x:r> <x:b> .\n";

    assertThat(KnowledgeGraph.read(write("long.nt.gz", line.repeat(40))).entities()).isEqualTo(2);
  }

  @Test
  void factsInTwoFilesOfASplitAreCountedInAWarning() throws IOException {
    write("train.tsv", "a\tr\tb\nb\tr\tc\n");
    write("test.tsv", "a\tr\tb\nc\tr\ta\n");
    try (LoggedWarnings warnings = LoggedWarnings.of(KnowledgeGraph.class)) {
      KnowledgeGraph.Splits splits = KnowledgeGraph.readSplits(folder);

      assertThat(splits.all().atomicFacts()).isEqualTo(3);
      assertThat(splits)
          .isEqualTo(KnowledgeGraph.readSplits(folder))
          .hasToString(
              "Splits[3 entities, 1 relations, 2 facts to train on, 0 to validate by, 2 to"
                  + " test]");
      assertThat(warnings.messages())
          .hasSize(2)
          .first()
          .asString()
          .contains("1 facts are in more than one of the files");
      write("test.tsv", "c\tr\ta\n");
      assertThat(splits).isNotEqualTo(KnowledgeGraph.readSplits(folder));
      assertThat(warnings.messages()).hasSize(2);
    }
  }

  @Test
  void namesThatLookTheSameInTwoFilesOfASplitAreWarnedOf() throws IOException {
    write("train.tsv", "Zo\u00eb\tr\tb\n");
    write("test.tsv", "Zoe\u0308\tr\tb\n");
    try (LoggedWarnings warnings = LoggedWarnings.of(KnowledgeGraph.class)) {
      KnowledgeGraph.Splits unused = KnowledgeGraph.readSplits(folder);

      assertThat(warnings.messages()).singleElement().asString().contains("names of entities");
    }
  }

  @Test
  void theFirstAmbiguousPairOfASplitIsNamed() throws IOException {
    write("train.tsv", "a\tr\tb\na\ts\tb\nb\tr\ta\nc\tr\ta\n");
    write("test.tsv", "c\tr\tb\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.reader().ambiguity(Ambiguity.refuse()).readSplits(folder))
        .withMessageContaining("gives c the tail b by r")
        .withMessageContaining("gives it a");
  }

  @ParameterizedTest
  @CsvSource({
    "'3\na\t0\nb\t1\n', 'entity2id.txt, line 1: says that 3 lines follow, but 2 do'",
    "'2\na\t0\nb\t2\n', 'has the id \"2\", but ids are numbers from 0 to 1'"
  })
  void idsThatDoNotFitTheirCountAreNamed(String text, String message) throws IOException {
    write("entity2id.txt", text);
    write("relation2id.txt", "1\nr\t0\n");
    Path train = write("train2id.txt", "1\n0 0 0\n");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> KnowledgeGraph.read(train))
        .withMessageContaining(message);
  }

  @Test
  void aRelationThatWouldNotBeReadAsItIsIsNotWritten() {
    KnowledgeGraph graph = KnowledgeGraph.of(List.of(new Triple("a", "r\ts", "b")));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.write(folder.resolve("out.tsv")))
        .withMessageContaining("the relation \"r\ts\" would not be read as it is");
  }
}
