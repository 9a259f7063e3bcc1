package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.fixtures.ForkedJvm;
import io.github.recurrent.fixtures.LoggedWarnings;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.RecordChecks;
import io.github.recurrent.graph.RecordChecks.Policy;
import io.github.recurrent.graph.SmallGraphs;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datasets whose training facts stay on the disk. */
class MappedDatasetTest {
  private static final RecordChecks UNITE = RecordChecks.of(Policy.REFUSE, Policy.UNITE);

  @TempDir Path folder;
  private Path temporary;

  @BeforeEach
  void makeTemporaryFolder() throws IOException {
    temporary = Files.createDirectory(folder.resolve("temporary"));
  }

  private Path written(MultiHopDataset.Builder builder) throws IOException {
    Path data = folder.resolve("data");
    builder.write(data);
    return data;
  }

  private static MultiHopDataset.Builder ambiguous(long seed) {
    return MultiHopDataset.from(SmallGraphs.random(40, 6, 300, seed))
        .hops(2, 3)
        .trainPerHop(300)
        .testPerHop(20)
        .seed(seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aMappedDatasetIsThatOnTheHeap(long seed) throws IOException {
    Path data = written(ambiguous(seed));

    MultiHopDataset mapped = MultiHopDataset.readMapped(data, temporary);

    MultiHopDataset read = MultiHopDataset.read(data, UNITE);
    assertThat(mapped).isEqualTo(read).hasSameHashCodeAs(read);
    assertThat(read).isEqualTo(mapped);
    assertThat(temporary).isEmptyDirectory();
    Facts facts = mapped.train(3);
    Facts expected = read.train(3);
    for (int fact = 0; fact < expected.size(); fact++) {
      assertThat(facts.query(fact)).isEqualTo(expected.query(fact));
      assertThat(facts.answers(fact)).isEqualTo(expected.answers(fact));
      for (int id = 0; id < mapped.vocabulary().size(); id++) {
        assertThat(facts.isAnswer(fact, id)).isEqualTo(expected.isAnswer(fact, id));
      }
    }
    assertThat(facts.subList(7, 100)).isEqualTo(expected.subList(7, 100));
    assertThat(facts.sample(30, Seed.of(1))).isEqualTo(expected.sample(30, Seed.of(1)));
    assertThat(DatasetSummary.of(mapped).toString()).isEqualTo(DatasetSummary.of(read).toString());
  }

  @Test
  void factsWithOneAnswerEachAreMappedWithoutSets() throws IOException {
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(20).relations(5).permutations().seed(1).build();
    Path data = written(MultiHopDataset.from(graph).hops(2, 4).trainPerHop(200).testPerHop(10));

    MultiHopDataset mapped = MultiHopDataset.readMapped(data, temporary);

    assertThat(mapped).isEqualTo(MultiHopDataset.read(data));
    assertThat(mapped.train(4).answers(199)).isOne();
  }

  @Test
  void factsThatDifferInAnyIdOrAnswerAreNotEqual() throws IOException {
    MultiHopDataset mapped = MultiHopDataset.readMapped(written(ambiguous(1)), temporary);
    Facts facts = mapped.train(2);
    Facts single = Facts.of(facts.vocabulary(), 2, new int[] {1, 42, 42, 1, 2, 42, 42, 2});

    assertThat(facts.subList(0, 5)).isNotEqualTo(facts.subList(1, 6));
    assertThat(facts).isNotEqualTo(facts.subList(0, 299));
    assertThat(single)
        .isNotEqualTo(Facts.of(facts.vocabulary(), 2, new int[] {1, 42, 42, 1, 2, 42, 42, 3}))
        .isEqualTo(single.subList(0, 2));
  }

  /** In one segment, in some of which the last is shorter, and in some that are all full. */
  @ParameterizedTest
  @ValueSource(ints = {28, 10, 3})
  void idsAreTheSameInTheFileAndInAnArray(int segmentBits) throws IOException {
    int[] ids = new Random(1).ints(5000).toArray();
    MappedIds mapped;
    try (TemporaryFolder files = TemporaryFolder.create(temporary, Files::deleteIfExists);
        MappedIds.Writer writer = new MappedIds.Writer(files.file("ids"))) {
      for (int id : ids) {
        writer.add(id);
      }
      mapped = writer.map(segmentBits);
    }

    IdRows onHeap = new HeapIds(ids);
    assertThat(temporary).isEmptyDirectory();
    assertThat(mapped.length()).isEqualTo(5000);
    assertThat(mapped.hasSame(onHeap)).isTrue();
    assertThat(onHeap.hasSame(mapped)).isTrue();
    assertThat(mapped.hash()).isEqualTo(onHeap.hash()).isEqualTo(Arrays.hashCode(ids));
    int[] copy = new int[12];
    mapped.copy(4990, copy, 2, 10);
    assertThat(Arrays.copyOfRange(copy, 2, 12)).isEqualTo(Arrays.copyOfRange(ids, 4990, 5000));
    ids[4999]++;
    assertThat(mapped.hasSame(onHeap)).isFalse();
    assertThat(mapped.hasSame(new HeapIds(new int[4999]))).isFalse();
  }

  private static void prepend(Path file, String record) throws IOException {
    Files.writeString(file, "[" + record + Files.readString(file).substring(1));
  }

  private static String record(Facts facts, int fact) {
    String query = facts.query(fact).toString();
    return String.format(
        "{\"input_text\":\"%s\",\"target_text\":\"%s%s</a>\"},", query, query, facts.answer(fact));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void recordsOfAQueryThatAreApartAreRefused(int fact) throws IOException {
    Path data = written(ambiguous(1));
    Facts facts = MultiHopDataset.read(data, UNITE).train(3);
    prepend(data.resolve("train.json"), record(facts, fact));

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> MultiHopDataset.readMapped(data, temporary))
        .withMessageContaining("train.json")
        .withMessageContaining(
            "has records of one query apart from one another, such as those of \""
                + facts.query(fact));
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void recordsThatRepeatTheOneBeforeAreOneFactAndAWarning() throws Exception {
    Path data = written(ambiguous(1));
    MultiHopDataset read = MultiHopDataset.read(data, UNITE);
    String first = record(read.atomic(), 0);
    prepend(data.resolve("train.json"), first + first);

    try (LoggedWarnings warnings = LoggedWarnings.of(RecordChecks.class)) {
      assertThat(MultiHopDataset.readMapped(data, temporary)).isEqualTo(read);

      assertThat(warnings.messages())
          .anySatisfy(
              text ->
                  assertThat(text)
                      .contains("2 of")
                      .contains("records repeat an earlier one, the first at record 2"));
    }
  }

  @Test
  void aBadRecordLeavesNothingBehind() throws IOException {
    Path data = written(ambiguous(1));
    prepend(data.resolve("train.json"), "{\"input_text\":\"<e_nobody><r_r1>\"},");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> MultiHopDataset.readMapped(data, temporary))
        .withMessageContaining("record 1");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void filesThatCannotBeDeletedWhileTheyAreInUseStayUntilTheProgramEnds() throws Exception {
    Path data = written(ambiguous(1));

    ForkedJvm ended =
        ForkedJvm.run(List.of(), KeptInUse.class, data.toString(), temporary.toString());

    assertThat(ended.output()).endsWith("equal, with 10 paths left");
    assertThat(temporary).isEmptyDirectory();
  }

  /** Reads a dataset where no file can be deleted before the program ends. */
  static final class KeptInUse {
    private KeptInUse() {}

    public static void main(String[] args) throws IOException {
      Path data = Path.of(args[0]);
      Path temporary = Path.of(args[1]);
      MultiHopDataset mapped =
          MappedDataset.read(
              data,
              temporary,
              path -> {
                throw new AccessDeniedException(path.toString());
              },
              1 << 20);
      try (Stream<Path> left = Files.walk(temporary)) {
        System.out.println(
            (mapped.equals(MultiHopDataset.read(data, UNITE)) ? "equal" : "another")
                + ", with "
                + left.skip(1).count()
                + " paths left");
      }
    }
  }

  @Test
  void aFileWithoutAtomicFactsIsRefused() throws IOException {
    Path data = written(ambiguous(1));
    Facts facts = MultiHopDataset.read(data, UNITE).train(3);
    String record = record(facts, 0);
    Files.writeString(
        data.resolve("train.json"), "[" + record.substring(0, record.length() - 1) + "]");

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> MultiHopDataset.readMapped(data, temporary))
        .withMessageContaining("must hold facts of 1 hop and of more, but has facts of [3] hops");
    assertThat(temporary).isEmptyDirectory();
  }
}
