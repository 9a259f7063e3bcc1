package io.github.recurrent.dataset;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
  private static final List<String> TOKENS = List.of("<e_0>", "<e_1>", "<r_0>", "<a>", "</a>");

  @TempDir Path folder;

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("vocab.json"), text);
  }

  @Test
  void aLargeVocabularyIsMadeOfItsTokens() {
    List<String> tokens = new ArrayList<>();
    for (int entity = 0; entity < 300_000; entity++) {
      tokens.add("<e_" + entity + ">");
    }
    tokens.add("<r_0>");

    Vocabulary vocabulary =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60), () -> Vocabulary.ofTokens(List.copyOf(tokens)));

    assertThat(vocabulary.id("<e_299999>")).isEqualTo(300_000);
    assertThat(vocabulary.token(300_000)).isEqualTo("<e_299999>");
    assertThat(vocabulary.tokens()).hasSize(300_002).startsWith(Vocabulary.PAD, "<e_0>");
    assertThat(vocabulary.isEntity(300_000)).isTrue();
    assertThat(vocabulary.isRelation(300_001)).isTrue();
    assertThat(vocabulary.isEntity(300_001)).isFalse();
    assertThat(vocabulary).isEqualTo(Vocabulary.ofTokens(vocabulary.tokens()));
  }

  @Test
  void tokensAreRefusedByTheirIndexInTheList() {
    List<String> tokens = new ArrayList<>(TOKENS);

    tokens.set(3, "a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vocabulary.ofTokens(tokens))
        .withMessageContaining("index 3 is \"a\"");
    tokens.set(3, "<e_1>");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vocabulary.ofTokens(tokens))
        .withMessageContaining("index 3 repeats <e_1> at index 1");
    tokens.set(3, Vocabulary.PAD);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vocabulary.ofTokens(tokens))
        .withMessageContaining("<pad> must be the first token, but is at index 3");
  }

  @Test
  void aTokenThatIsNullIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vocabulary.ofTokens(Arrays.asList("<e_0>", null, "<r_0>")))
        .withMessageContaining("index 1 is null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"<e_0>\",\"<e_1>\",\"<r_0>\",\"<a>\",\"</a>\"]",
        "[\"<pad>\", \"<e_0>\", \"<e_1>\", \"<r_0>\", \"<a>\", \"</a>\"]\n",
        "\ufeff[\n  \"<e_0>\",\n  \"<e_1>\",\n  \"<r_0>\",\n  \"<a>\",\n  \"</a>\"\n]\n"
      })
  void theFileIsReadAsItIsPublishedAndAsCheckpointsHaveIt(String text) throws IOException {
    Path file = write(text);

    assertThat(Vocabulary.read(file)).isEqualTo(Vocabulary.ofTokens(TOKENS));
    assertThat(Vocabulary.read(file, new ByteArrayInputStream(Files.readAllBytes(file))))
        .isEqualTo(Vocabulary.ofTokens(TOKENS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "['<e_0>','<r_0>','a']|the token at index 2 is \"a\"",
        "['<e_0>','<r_0>','<e_0>']|the token at index 2 repeats <e_0> at index 0",
        "['<e_0>',7,'<r_0>']|the token at index 1: must be a string, but is \"7\"",
        "['<e_0>',null]|the token at index 1: must be a string, but is \"null\"",
        "['<e_0>',['<r_0>']]|the token at index 1: must be a string",
        "['<e_0>','<r_0>'] x|is not valid JSON at line 1",
        "['<e_0>','<r_0>'] []|has text behind its array of tokens",
        "['<e_0>','<r_|is not valid JSON at line 1, in the token at index 1",
        "{'<e_0>':1}|must be a JSON array of tokens",
        "[]|needs entities",
        "''|must be a JSON array of tokens"
      })
  void aBadFileIsNamedWithThePlace(String text, String problem) throws IOException {
    Path file = write(text.replace('\'', '"'));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> Vocabulary.read(file))
        .withMessageContaining("vocab.json")
        .withMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-32", "UTF-32BE", "UTF-16LE"})
  void aFileInAnotherEncodingIsNamedHoweverDamaged(String charset) throws IOException {
    byte[] whole = "[\"<e_0>\",\"<r_0>\"]".getBytes(Charset.forName(charset));
    for (int length = 1; length <= whole.length; length++) {
      Path file = folder.resolve("vocab.json");
      Files.write(file, Arrays.copyOf(whole, length));

      assertThatExceptionOfType(FileFormatException.class)
          .isThrownBy(() -> Vocabulary.read(file))
          .withMessageContaining("vocab.json");
    }
  }

  @Test
  void bytesThatAreNotUtf8AreNamedByTheirToken() throws IOException {
    Path file = folder.resolve("vocab.json");
    Files.write(file, "[\"<e_0>\",\n\"<e_Zoë>\"]".getBytes(ISO_8859_1));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> Vocabulary.read(file))
        .withMessageContaining("line 2, in the token at index 1: is not UTF-8");
    Files.write(file, "[\"<e_0>\"]".getBytes(UTF_16));
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> Vocabulary.read(file))
        .withMessageContaining("UTF-16");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ada",
        "x < y",
        "y > x",
        "<<>>",
        "&lt;",
        "&amp;",
        "&amp;lt;",
        "Smith & Sons",
        "&",
        "a&<b",
        "&gt",
        "&amp",
        "李雷",
        "lt;"
      })
  void aNameIsTheOneOfItsToken(String name) throws IOException {
    String token = Vocabulary.entityToken(name);

    assertThat(token).matches("<e_[^<>]+>");
    assertThat(Vocabulary.name(token)).isEqualTo(name);
    assertThat(Vocabulary.name(Vocabulary.relationToken(name))).isEqualTo(name);
    assertThat(Query.parse(token + "<r_0>").head()).isEqualTo(token);
  }

  @Test
  void onlyWhatWouldEndATokenIsEscaped() {
    assertThat(Vocabulary.entityToken("Smith & Sons, 50%")).isEqualTo("<e_Smith & Sons, 50%>");
    assertThat(Vocabulary.relationToken("x < y")).isEqualTo("<r_x &lt; y>");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vocabulary.name("<mask>"))
        .withMessageContaining("<mask>");
  }

  @Test
  void distinctNamesHaveDistinctTokens() {
    List<String> names = List.of("<", "&lt;", "&amp;lt;", "&amp;amp;lt;", "&amp;", "&");

    assertThat(names.stream().map(Vocabulary::entityToken)).doesNotHaveDuplicates();
  }

  @Test
  void aGraphWithAngleBracketsInItsNamesBecomesAVocabulary() throws IOException {
    Path file = Files.writeString(folder.resolve("angle.tsv"), "x < y\timplies\ty > x\n");

    KnowledgeGraph graph = KnowledgeGraph.read(file);
    Vocabulary vocabulary = Vocabulary.of(graph);

    assertThat(graph.entityName(1)).isEqualTo("y > x");
    assertThat(vocabulary.token(vocabulary.entityId(1))).isEqualTo("<e_y &gt; x>");
    assertThat(Vocabulary.ofTokens(vocabulary.tokens())).isEqualTo(vocabulary);
  }

  @Test
  void anUnknownTokenListsTheNearestOfItsKind() {
    Vocabulary vocabulary =
        Vocabulary.ofTokens(List.of("<e_Paris>", "<e_Rome>", "<r_Pariss>", "<a>"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> vocabulary.id("<e_Pariss>"))
        .withMessageContaining("\"<e_Pariss>\"; the nearest are <e_Paris>, <e_Rome>;");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> vocabulary.id("<r_Paris>"))
        .withMessageContaining("the nearest are <r_Pariss>;");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> vocabulary.id("</a>"))
        .withMessageContaining("the nearest are <a>,");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> vocabulary.id("<e_" + "x".repeat(1 << 20) + ">"))
        .satisfies(thrown -> assertThat(thrown.getMessage()).hasSizeLessThan(1000));
  }
}
