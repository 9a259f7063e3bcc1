package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/** Writes the files of a {@link MultiHopDataset} piece by piece. */
final class StreamedDataset {
  private static final String QUERIES = "queries.part";

  /** Facts that are made in one thread. */
  private static final int PIECE = 1 << 12;

  private static final int PIECES_AT_ONCE = 16;

  private final MultiHopPlan plan;
  private final long bucketBytes;
  private final Seed root;
  private final Vocabulary vocabulary;
  private final GraphFacts trained;
  private final ChosenQueries train;
  private final Optional<ChosenQueries> heldOut;

  /**
   * @param bucketBytes the memory for queries in each thread
   */
  StreamedDataset(MultiHopPlan plan, long bucketBytes) {
    this.plan = plan;
    this.bucketBytes = bucketBytes;
    GraphSize.check(plan.graph());
    root = Seed.of(plan.seed()).child("multi-hop-stream");
    vocabulary = Vocabulary.of(plan.graph());
    trained = new GraphFacts(plan.graph(), vocabulary);
    train = plan.chosen(plan.graph(), trained, null);
    heldOut =
        plan.testGraph().map(all -> plan.chosen(all, new GraphFacts(all, vocabulary), trained));
  }

  /** Makes facts of queries of one number of hops. */
  @FunctionalInterface
  private interface Maker {
    Facts facts(int hops, int[] queries, OwnAnswer own);
  }

  /** Makes and writes facts whose own answers follow from the keys of their queries. */
  private record Kind(int hops, QueryKeys keys, Seed answers, Maker maker) {
    Facts facts(int[] queries) {
      OwnAnswer own =
          (row, count) -> {
            long key = keys.key(queries, row, row + hops + 1);
            return (int) Long.remainderUnsigned(answers.child("answer", key).value(), count);
          };
      return maker.facts(hops, queries, own);
    }

    /** Writes facts, from one query (inclusive) to another (exclusive). */
    void write(int[] queries, int from, int to, String type, RecordFile.Writer records)
        throws IOException {
      for (int first = from; first < to; first += PIECE * PIECES_AT_ONCE) {
        int begin = first;
        int pieces = Math.min(PIECES_AT_ONCE, (to - first + PIECE - 1) / PIECE);
        InOrder.Task<Facts> task =
            piece -> {
              int start = begin + piece * PIECE;
              return facts(rows(queries, start, Math.min(to - start, PIECE) + start));
            };
        for (Facts facts : InOrder.run(0, pieces, task)) {
          records.write(type, facts);
        }
      }
    }

    int[] rows(int[] queries, int from, int to) {
      return Arrays.copyOfRange(queries, from * (hops + 1), to * (hops + 1));
    }
  }

  /** The files that take facts, all open at once. */
  private record Records(
      RecordFile.Writer train, RecordFile.Writer test, RecordFile.Writer smallTest) {}

  /** Writes all files of the published format into an empty folder. */
  void writeFiles(Path folder) throws IOException {
    vocabulary.write(folder.resolve(DatasetFolder.VOCABULARY));
    Path testFile = folder.resolve(DatasetFolder.TEST);
    try (RecordFile.Writer trainRecords =
            new RecordFile.Writer(folder.resolve(DatasetFolder.TRAIN));
        RecordFile.Writer testRecords = new RecordFile.Writer(testFile);
        RecordFile.Writer smallRecords =
            new RecordFile.Writer(folder.resolve(DatasetFolder.SMALL_TEST))) {
      Records files = new Records(trainRecords, testRecords, smallRecords);
      Facts atomic = writeAtomic(trainRecords);
      List<Facts> sampled = new ArrayList<>();
      for (int hops = plan.minHops(); hops <= plan.maxHops(); hops++) {
        Seed hopsSeed = root.child("hops", hops);
        Path queries = folder.resolve(QUERIES);
        sampled.add(
            heldOut.isPresent()
                ? trainAndHeldOut(hops, heldOut.get(), hopsSeed, queries, files)
                : trainAndTest(hops, hopsSeed, queries, files));
      }
      testRecords.write(MultiHopDataset.ATOMIC_IN_TEST, atomic);
      for (Facts facts : sampled) {
        testRecords.write(facts.hops() + MultiHopDataset.TRAIN_SUFFIX, facts);
      }
    }
    Files.copy(testFile, folder.resolve(DatasetFolder.VALIDATION));
  }

  /** Writes all atomic facts, and returns some of them. */
  private Facts writeAtomic(RecordFile.Writer records) throws IOException {
    KnowledgeGraph graph = plan.graph();
    Seed seed = root.child("hops", 1);
    Kind kind = kind(1, seed, train::facts);
    QuerySample sample = new QuerySample(kind.keys(), 2, MultiHopPlan.MAX_TRAINED_IN_TEST);
    int beyond = 0;
    for (int head = 0; head < graph.entities(); head = beyond) {
      while (beyond < graph.entities()
          && (beyond == head
              || graph.firstFact(beyond) - graph.firstFact(head) < PIECE * PIECES_AT_ONCE)) {
        beyond++;
      }
      int[] queries = trained.atomic(head, beyond);
      kind.write(queries, 0, queries.length / 2, MultiHopDataset.ATOMIC_IN_TRAIN, records);
      sample.addAll(queries);
    }
    return kind.facts(sample.queries());
  }

  private static Kind kind(int hops, Seed seed, Maker maker) {
    return new Kind(hops, StreamedQueries.keys(seed), seed.child("answers"), maker);
  }

  /** Writes the facts of a number of hops, and returns some of those to train on. */
  private Facts trainAndTest(int hops, Seed seed, Path file, Records files) throws IOException {
    long wanted = (long) plan.trainPerHop() + plan.testPerHop();
    try (StreamedQueries queries =
        StreamedQueries.draw(train, hops, wanted, null, seed, file, bucketBytes)) {
      long test = plan.testPerHop();
      if (queries.size() < wanted) {
        double share =
            plan.shareWhereFewer()
                .orElseThrow(() -> Walks.fewer(wanted, hops, queries.size(), train.restriction()));
        test = MultiHopPlan.shareOf(queries.size(), share, hops);
      }
      long all = Math.min(wanted, queries.size());
      return write(queries, kind(hops, seed, train::facts), test, all, files);
    }
  }

  private Facts trainAndHeldOut(int hops, ChosenQueries others, Seed seed, Path file, Records files)
      throws IOException {
    Seed testSeed = seed.child("held-out");
    int[] tested =
        plan.drawn(others.walks(hops, plan.testPerHop(), null), plan.testPerHop(), testSeed);
    Kind testKind = kind(hops, testSeed, others::facts);
    int count = tested.length / (hops + 1);
    writeTest(testKind, tested, 0, count, 0, files);
    WalkSet held = WalkSet.of(hops + 1, tested);
    try (StreamedQueries queries =
        StreamedQueries.draw(train, hops, plan.trainPerHop(), held, seed, file, bucketBytes)) {
      long all = Math.min(plan.trainPerHop(), queries.size());
      if (all == 0 || (all < plan.trainPerHop() && plan.shareWhereFewer().isEmpty())) {
        throw Walks.fewer(
            plan.trainPerHop(), hops, all, train.restriction() + " that are not held out");
      }
      return write(queries, kind(hops, seed, train::facts), 0, all, files);
    }
  }

  /**
   * Writes facts of the first queries.
   *
   * @param test how many of them are held out: those in front
   */
  private static Facts write(StreamedQueries queries, Kind kind, long test, long all, Records files)
      throws IOException {
    int stride = kind.hops() + 1;
    int[] sample = new int[(int) Math.min(MultiHopPlan.MAX_TRAINED_IN_TEST, all - test) * stride];
    int atOnce = Math.min(8, ForkJoinPool.getCommonPoolParallelism() + 1);
    long begin = 0;
    for (int first = 0; first < queries.parts() && begin < all; first += atOnce) {
      int beyond = Math.min(queries.parts() - first, atOnce) + first;
      for (int[] part : InOrder.run(first, beyond, queries::part)) {
        int size = (int) Math.min(part.length / stride, all - begin);
        int held = (int) Math.max(0, Math.min(size, test - begin));
        writeTest(kind, part, 0, held, begin, files);
        if (size > held) {
          long before = begin + held - test;
          kind.write(part, held, size, kind.hops() + MultiHopDataset.TRAIN_SUFFIX, files.train());
          int wanted = (int) Math.max(0, Math.min(size - held, sample.length / stride - before));
          System.arraycopy(
              part,
              held * stride,
              sample,
              (wanted == 0 ? 0 : (int) before) * stride,
              wanted * stride);
        }
        begin += size;
      }
    }
    return kind.facts(sample);
  }

  /**
   * @param before how many held-out facts of as many hops were written before
   */
  private static void writeTest(
      Kind kind, int[] queries, int from, int to, long before, Records files) throws IOException {
    String type = kind.hops() + MultiHopDataset.TEST_SUFFIX;
    kind.write(queries, from, to, type, files.test());
    int small = (int) Math.max(0, Math.min(to - from, MultiHopDataset.SMALL_TEST - before));
    kind.write(queries, from, from + small, type, files.smallTest());
  }
}
