package io.github.recurrent.dataset;

import com.google.common.io.Closer;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Collects facts of one number of hops in temporary files that are then mapped to memory. Records
 * of one query that follow one another are one fact with several answers, the first of which is its
 * own. Not thread-safe.
 */
final class MappedFacts {
  private final Vocabulary vocabulary;
  private final int hops;
  private final MappedIds.Writer rows;
  private final MappedIds.Writer firsts;
  private final MappedIds.Writer ids;

  /** The last query, whose answers may go on, and its answers in the order of the records. */
  private int[] query = new int[0];

  private int[] answers = new int[4];
  private int count;

  /** The answers, by their ids. */
  private final BitSet seen = new BitSet();

  private long facts;
  private boolean single = true;

  /**
   * @param folder where to create the files
   * @param closer closes the files
   */
  MappedFacts(Vocabulary vocabulary, int hops, TemporaryFolder folder, Closer closer)
      throws IOException {
    this.vocabulary = vocabulary;
    this.hops = hops;
    rows = closer.register(new MappedIds.Writer(folder.file(hops + ".facts")));
    firsts = closer.register(new MappedIds.Writer(folder.file(hops + ".firsts")));
    ids = closer.register(new MappedIds.Writer(folder.file(hops + ".answers")));
  }

  /**
   * Adds a record, whose array of ids becomes this one's, and returns whether it says the same as
   * one before of this fact.
   *
   * @throws IllegalArgumentException if there are 2³¹ - 1 facts already
   */
  boolean add(int[] queryIds, int answerId) throws IOException {
    if (!Arrays.equals(query, queryIds)) {
      end();
      if (facts == Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "is the first of more than " + facts + " facts of " + hops + " hops");
      }
      facts++;
      query = queryIds;
    }
    if (seen.get(answerId)) {
      return true;
    }
    seen.set(answerId);
    if (count == answers.length) {
      answers = Arrays.copyOf(answers, 2 * count);
    }
    answers[count++] = answerId;
    return false;
  }

  /** Writes the fact whose records have ended. */
  private void end() throws IOException {
    if (count == 0) {
      return;
    }
    for (int id : query) {
      rows.add(id);
    }
    rows.add(answers[0]);
    addFirst();
    Arrays.sort(answers, 0, count);
    for (int i = 0; i < count; i++) {
      ids.add(answers[i]);
      seen.clear(answers[i]);
    }
    single &= count == 1;
    count = 0;
  }

  private void addFirst() throws IOException {
    firsts.add((int) (ids.length() >> 32));
    firsts.add((int) ids.length());
  }

  /** Returns the facts; none may be added after. */
  Facts map() throws IOException {
    end();
    addFirst();
    Facts mapped = Facts.of(vocabulary, hops, rows.map());
    return single ? mapped : mapped.withAnswers(new SeparateAnswers(firsts.map(), ids.map()));
  }
}
