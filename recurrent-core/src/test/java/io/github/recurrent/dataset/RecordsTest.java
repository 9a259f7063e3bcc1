package io.github.recurrent.dataset;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.fixtures.LoggedWarnings;
import io.github.recurrent.graph.RecordChecks;
import io.github.recurrent.graph.RecordChecks.Policy;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records as people have them, in the files of both datasets. */
class RecordsTest {
  private static final String ATOMIC = record("<e_0><r_0>", "<e_1>", "");
  private static final String TWO_HOPS = record("<e_0><r_0><r_0>", "<e_2>", "");

  @TempDir Path folder;

  private static String record(String query, String answer, String more) {
    return "{\"input_text\":\""
        + query
        + "\",\"target_text\":\""
        + query
        + answer
        + "</a>\""
        + more
        + "}";
  }

  private static String tested(String query, String answer, String type) {
    return record(query, answer, ",\"type\":\"" + type + "\"");
  }

  private static String array(String... records) {
    return "[" + String.join(",", records) + "]";
  }

  @BeforeEach
  void aDatasetIsThere() throws IOException {
    write("vocab.json", "[\"<e_0>\",\"<e_1>\",\"<e_2>\",\"<r_0>\",\"<r_1>\"]");
    write("train.json", array(ATOMIC, TWO_HOPS));
    write("test.json", array(tested("<e_1><r_0><r_0>", "<e_0>", "2hop_test")));
    write("valid.json", "[]");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private MultiHopDataset read() throws IOException {
    return MultiHopDataset.read(folder);
  }

  @Test
  void everyFileMayBeginWithAByteOrderMark() throws IOException {
    MultiHopDataset expected = read();
    for (String name : List.of("vocab.json", "train.json", "test.json", "valid.json")) {
      write(name, "\ufeff" + Files.readString(folder.resolve(name)));
    }

    assertThat(read()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "true",
        "null",
        "\"x\"",
        "{\"a\":{\"input_text\":[1]}}",
        "[[{}],\"type\"]",
        "1e999"
      })
  void furtherFieldsOfAnyKindAreIgnored(String value) throws IOException {
    MultiHopDataset expected = read();
    String more = ",\"id\":" + value;
    write(
        "train.json",
        array(
            record("<e_0><r_0>", "<e_1>", more),
            "{\"first\":" + value + "," + record("<e_0><r_0><r_0>", "<e_2>", more).substring(1)));

    assertThat(read()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[A,{'input_text':7}]|record 2: field \"input_text\" must be a string, but is \"7\"",
        "[A,{'input_text':{}}]|record 2: field \"input_text\" must be a string",
        "[A,{'input_text':'<e_0>','input_text':'<e_0>'}]|record 2: has the field \"input_text\" twice",
        "[A,7]|record 2: must be a JSON object, but is \"7\"",
        "[A,{'input_text'|at line 1, in record 2",
        "[A,|at line 1, in record 2",
        "[A}|at line 1, in record 2",
        "[A,A] x|is not valid JSON at line 1:",
        "[A,A] []|has text behind its array of records",
        "[{'target_text':'<e_0>'}]|record 1: lacks the field \"input_text\"",
        "{}|must be a JSON array of records",
        "[]|must hold facts of 1 hop and of more"
      })
  void aBadRecordIsNamedByFileAndNumber(String text, String problem) throws IOException {
    write("train.json", text.replace('\'', '"').replace("A", ATOMIC));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(this::read)
        .withMessageContaining("train.json")
        .withMessageContaining(problem);
  }

  @Test
  void bytesThatAreNotUtf8AreNamedByTheirRecord() throws IOException {
    Files.write(
        folder.resolve("train.json"),
        ("[" + ATOMIC + ",\n{\"name\":\"Zoë\"}]").getBytes(ISO_8859_1));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(this::read)
        .withMessageContaining("train.json: line 2, in record 2: is not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-32", "UTF-32LE"})
  void aFileInAnotherEncodingIsNamedHoweverDamaged(String charset) throws IOException {
    byte[] whole = array(ATOMIC).getBytes(Charset.forName(charset));
    for (int length = 1; length < 40; length++) {
      Files.write(folder.resolve("test.json"), Arrays.copyOf(whole, length));

      assertThatExceptionOfType(FileFormatException.class)
          .isThrownBy(this::read)
          .withMessageContaining("test.json");
    }
  }

  @Test
  void filesWithoutRecordsAreRefused() throws IOException {
    write("test.json", "[]");
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(this::read)
        .withMessageContaining("test.json")
        .withMessageContaining("must hold records");
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> CompositionDataset.read(folder))
        .withMessageContaining("test.json")
        .withMessageContaining("must hold records");
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(
            () ->
                Split.read(
                    folder.resolve("test.json"), Vocabulary.read(folder.resolve("vocab.json"))))
        .withMessageContaining("must hold records");
    write("train.json", "[]");
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> CompositionDataset.read(folder))
        .withMessageContaining("train.json")
        .withMessageContaining("must hold facts of 1 hop and of 2, but has 0 and 0");
  }

  @Test
  void aLongTextIsCutInTheMessage() throws IOException {
    write("train.json", array(record("<e_0>" + "<r_0>".repeat(100_000) + "x", "<e_1>", "")));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(this::read)
        .withMessageContaining("text outside a token at character 500005")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
  }

  @Test
  void repeatedRecordsAreKeptAndCounted() throws IOException {
    write("train.json", array(ATOMIC, TWO_HOPS, ATOMIC, TWO_HOPS, TWO_HOPS));
    List<RecordChecks.Counts> counts = new ArrayList<>();

    MultiHopDataset data =
        MultiHopDataset.read(
            folder, RecordChecks.of(Policy.COUNT, Policy.REFUSE).listener(counts::add));

    assertThat(data.train(2).size()).isEqualTo(3);
    assertThat(counts)
        .containsExactly(
            new RecordChecks.Counts(folder.resolve("train.json"), "record", 5, 3, 3, 0, 0),
            new RecordChecks.Counts(folder.resolve("test.json"), "record", 1, 0, 0, 0, 0));
    try (LoggedWarnings warnings = LoggedWarnings.of(RecordChecks.class)) {
      read();

      assertThat(warnings.messages())
          .singleElement()
          .asString()
          .contains("train.json", "3 of 5 records repeat", "at record 3");
    }
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(
            () -> MultiHopDataset.read(folder, RecordChecks.of(Policy.REFUSE, Policy.REFUSE)))
        .withMessageContaining("record 3")
        .withMessageContaining("3 of 5 records");
  }

  @Test
  void contradictoryRecordsAreKeptAndCountedOrRefused() throws IOException {
    write("train.json", array(ATOMIC, TWO_HOPS, record("<e_0><r_0>", "<e_2>", "")));
    List<RecordChecks.Counts> counts = new ArrayList<>();

    MultiHopDataset data =
        MultiHopDataset.read(
            folder, RecordChecks.of(Policy.COUNT, Policy.COUNT).listener(counts::add));

    assertThat(data.atomic().size()).isEqualTo(2);
    assertThat(counts.get(0))
        .isEqualTo(new RecordChecks.Counts(folder.resolve("train.json"), "record", 3, 0, 0, 1, 3));
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(
            () -> MultiHopDataset.read(folder, RecordChecks.of(Policy.COUNT, Policy.REFUSE)))
        .withMessageContaining("record 3")
        .withMessageContaining("answers \"<e_0><r_0>\" with <e_2>")
        .withMessageContaining("an earlier record with <e_1>")
        .withMessageContaining("of 3 records 1 contradict");
  }

  @Test
  void aTestRecordMayRepeatATrainingRecordButNotContradictIt() throws IOException {
    RecordChecks strict = RecordChecks.of(Policy.REFUSE, Policy.REFUSE);
    write("test.json", array(tested("<e_0><r_0><r_0>", "<e_2>", "2hop_train")));
    assertThat(MultiHopDataset.read(folder, strict).test().facts("2hop_train").size()).isOne();

    write("test.json", array(tested("<e_0><r_0><r_0>", "<e_1>", "2hop_test")));
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> MultiHopDataset.read(folder, strict))
        .withMessageContaining("test.json: record 1")
        .withMessageContaining("with <e_1>, but an earlier record with <e_2>");
  }

  @Test
  void compositionsAndSplitsCountTheirRecordsToo() throws IOException {
    RecordChecks strict = RecordChecks.of(Policy.REFUSE, Policy.REFUSE);
    String ood = tested("<e_1><r_0><r_0>", "<e_0>", "test_inferred_ood");
    Path test = write("test.json", array(ood));
    assertThat(CompositionDataset.read(folder, strict).test().byType()).hasSize(1);

    write("test.json", array(ood, ood));
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> CompositionDataset.read(folder, strict))
        .withMessageContaining("test.json: record 2: repeats");
    Vocabulary vocabulary = Vocabulary.read(folder.resolve("vocab.json"));
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> Split.read(test, vocabulary, strict))
        .withMessageContaining("test.json: record 2: repeats");
    write("valid.json", array(record("<e_0><r_0><r_0>", "<e_0>", "")));
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> CompositionDataset.read(folder, strict))
        .withMessageContaining("valid.json: record 1")
        .withMessageContaining("with <e_0>, but an earlier record with <e_2>");
  }

  @Test
  void manyFactsAreFoundAgainByTheirQueries() {
    Vocabulary vocabulary =
        Vocabulary.ofTokens(List.of("<e_0>", "<e_1>", "<r_0>", "<r_1>", "<r_2>", "<r_3>"));
    ReadFacts facts = new ReadFacts(vocabulary, 6);
    for (int round = 0; round < 2; round++) {
      for (int query = 0; query < 4096; query++) {
        int[] ids = {1, 0, 0, 0, 0, 0, 0};
        for (int hop = 0; hop < 6; hop++) {
          ids[hop + 1] = 3 + ((query >> (2 * hop)) & 3);
        }
        assertThat(facts.add(ids, 1 + query % 2).isPresent()).isEqualTo(round == 1);
        assertThat(facts.answer(ids)).hasValue(1 + query % 2);
      }
    }
    assertThat(facts.build().size()).isEqualTo(8192);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':|[|nesting depth",
        "{'input_text':'|<r_0>|String value length",
        "{}|,{}|record 1: lacks the field"
      })
  void hostileFilesAreRefusedBeforeTheyFillTheMemory(String begin, String more, String problem)
      throws IOException {
    write("train.json", "[" + begin.replace('\'', '"') + more.repeat(2_000_000));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(this::read)
        .withMessageContaining("train.json")
        .withMessageContaining("record 1")
        .withMessageContaining(problem);
  }

  @Test
  void aLargeFurtherFieldIsSkipped() throws IOException {
    MultiHopDataset expected = read();
    String large =
        ",\"trace\":[" + "{\"a\":\"b\"},".repeat(500_000) + "\"" + "x".repeat(2_000_000) + "\"]";
    write("train.json", array(ATOMIC, record("<e_0><r_0><r_0>", "<e_2>", large)));

    assertThat(read()).isEqualTo(expected);
  }
}
