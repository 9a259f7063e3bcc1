package io.github.recurrent.dataset;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.Closer;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.RecordChecks;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/** Reads a published folder whose training facts stay on the disk. */
final class MappedDataset {
  private static final RecordChecks UNITE =
      RecordChecks.of(RecordChecks.Policy.COUNT, RecordChecks.Policy.UNITE);

  private final Vocabulary vocabulary;
  private final Path trainFile;
  private final TemporaryFolder files;
  private final long bucketBytes;

  private MappedDataset(
      Vocabulary vocabulary, Path trainFile, TemporaryFolder files, long bucketBytes) {
    this.vocabulary = vocabulary;
    this.trainFile = trainFile;
    this.files = files;
    this.bucketBytes = bucketBytes;
  }

  /**
   * Reads the folder; {@link MultiHopDataset#readMapped} says how, and what it throws.
   *
   * @param deletion deletes a temporary file or folder
   * @param bucketBytes the memory that some queries should take at once, in each thread
   */
  static MultiHopDataset read(
      Path folder, Path temporary, TemporaryFolder.Deletion deletion, long bucketBytes)
      throws IOException {
    Vocabulary vocabulary = DatasetFolder.vocabulary(folder);
    Path trainFile = DatasetFolder.file(folder, DatasetFolder.TRAIN);
    Path testFile = DatasetFolder.file(folder, DatasetFolder.TEST);
    Split test = MultiHopDataset.readTest(testFile, vocabulary, UNITE, ImmutableMap.of());
    try (TemporaryFolder files = TemporaryFolder.create(temporary, deletion)) {
      Map<Integer, Facts> train =
          new MappedDataset(vocabulary, trainFile, files, bucketBytes).readTrain();
      return MultiHopDataset.of(vocabulary, trainFile, train, test);
    }
  }

  private Map<Integer, Facts> readTrain() throws IOException {
    Map<Integer, Facts> byHops = new TreeMap<>();
    try (Closer closer = Closer.create()) {
      Map<Integer, MappedFacts> collected = new TreeMap<>();
      CheckedRecords records = new CheckedRecords(trainFile, vocabulary, UNITE);
      records.read(
          (type, queryIds, answerId) -> {
            int hops = queryIds.length - 1;
            MappedFacts facts = collected.get(hops);
            if (facts == null) {
              facts = new MappedFacts(vocabulary, hops, files, closer);
              collected.put(hops, facts);
            }
            if (facts.add(queryIds, answerId)) {
              records.countRepeated();
            }
          });
      for (Map.Entry<Integer, MappedFacts> entry : collected.entrySet()) {
        Facts facts = entry.getValue().map();
        checkDistinct(facts);
        byHops.put(entry.getKey(), facts);
      }
    }
    return byHops;
  }

  /** Checks that the records of a query stand together: else its facts lack some of its answers. */
  private void checkDistinct(Facts facts) throws IOException {
    // No file can know the seed, so that none can be made whose queries all fall into one bucket.
    QueryKeys keys = new QueryKeys(Seed.of(ThreadLocalRandom.current().nextLong()));
    try (QueryBuckets queries =
        QueryBuckets.create(
            files.file("queries"), facts.hops() + 1, keys, facts.size(), bucketBytes)) {
      for (int fact = 0; fact < facts.size(); fact++) {
        queries.add(facts.queryIds(fact), 0);
      }
      int[] repeated = queries.repeated();
      if (repeated.length > 0) {
        StringBuilder text = new StringBuilder();
        for (int id : repeated) {
          text.append(vocabulary.token(id));
        }
        throw new FileFormatException(
            trainFile,
            "has records of one query apart from one another, such as those of \""
                + text
                + "\"; put them together, or read the dataset without mapping it");
      }
    }
  }
}
