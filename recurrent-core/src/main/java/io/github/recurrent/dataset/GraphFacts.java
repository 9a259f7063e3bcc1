package io.github.recurrent.dataset;

import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.commons.rng.UniformRandomProvider;
import org.jspecify.annotations.Nullable;

/** Makes facts of chains of relations through a graph, whose answers it finds. Thread-safe. */
final class GraphFacts {
  /** Facts up to which an index pays: it takes 8 bytes a fact. */
  private static final int MAX_INDEXED = 1 << 25;

  private final KnowledgeGraph graph;
  private final Vocabulary vocabulary;
  private final AnswerMemory memory;
  private final boolean ambiguous;
  private final @Nullable RelationIndex index;

  /** What no thread uses now; making one anew for a few facts takes longer than these. */
  private final Queue<ChainEnds> idle = new ConcurrentLinkedQueue<>();

  GraphFacts(KnowledgeGraph graph, Vocabulary vocabulary) {
    this(graph, vocabulary, AnswerMemory.unlimited());
  }

  /**
   * @param memory what the right answers of all facts that this makes may take
   */
  GraphFacts(KnowledgeGraph graph, Vocabulary vocabulary, AnswerMemory memory) {
    this.memory = memory;
    this.graph = graph;
    this.vocabulary = vocabulary;
    this.ambiguous = graph.isAmbiguous();
    this.index = ambiguous && graph.atomicFacts() <= MAX_INDEXED ? new RelationIndex(graph) : null;
  }

  /** Returns whether a chain may end at several entities. */
  boolean areAmbiguous() {
    return ambiguous;
  }

  /** Returns what finds the ends of chains in one thread. */
  ChainEnds ends() {
    return new ChainEnds(graph, index);
  }

  /** Returns the queries of one hop, in order: those of all facts, each once. */
  int[] atomic() {
    return atomic(0, graph.entities());
  }

  /** Returns the queries of one hop whose heads are in a range, of which the last is excluded. */
  int[] atomic(int firstHead, int beyond) {
    int facts =
        beyond == firstHead
            ? 0
            : graph.firstFact(beyond - 1)
                + graph.outDegree(beyond - 1)
                - graph.firstFact(firstHead);
    int[] rows = new int[Math.multiplyExact(2, facts)];
    int size = 0;
    for (int head = firstHead; head < beyond; head++) {
      int first = graph.firstFact(head);
      int end = first + graph.outDegree(head);
      for (int fact = first; fact < end; fact++) {
        if (fact == first || graph.relation(fact) != graph.relation(fact - 1)) {
          rows[size++] = head;
          rows[size++] = graph.relation(fact);
        }
      }
    }
    return size == rows.length ? rows : Arrays.copyOf(rows, size);
  }

  Facts facts(int hops, int[] queries, Seed seed) {
    return facts(hops, queries, seed, null);
  }

  /**
   * Returns the facts of queries. Of several answers, the fact's own is drawn uniformly.
   *
   * @param queries {@code hops + 1} indices a query: its head and its relations
   * @param seed of the draw, which takes no random number where there is one answer
   * @param known facts of which no fact's own answer follows; each query needs another
   */
  Facts facts(int hops, int[] queries, Seed seed, @Nullable GraphFacts known) {
    UniformRandomProvider random = RandomStream.of(seed);
    return facts(hops, queries, (row, answers) -> random.nextInt(answers), known);
  }

  /** Returns the facts of queries; of several answers, the fact's own is chosen as told. */
  Facts facts(int hops, int[] queries, OwnAnswer ownAnswer, @Nullable GraphFacts known) {
    int count = queries.length / (hops + 1);
    int[] rows = new int[Math.multiplyExact(count, hops + 2)];
    ChainEnds chainEnds = borrow();
    ChainEnds knownEnds = known == null ? null : known.borrow();
    AnswerSets.Builder sets = new AnswerSets.Builder(memory);
    for (int fact = 0; fact < count; fact++) {
      int query = fact * (hops + 1);
      int row = fact * (hops + 2);
      int[] ends = chainEnds.of(queries, query, hops);
      rows[row] = vocabulary.entityId(queries[query]);
      for (int hop = 1; hop <= hops; hop++) {
        rows[row + hop] = vocabulary.relationId(queries[query + hop]);
      }
      int[] own = knownEnds == null ? ends : without(ends, knownEnds.of(queries, query, hops));
      int drawn = own.length == 1 ? 0 : ownAnswer.choose(query, own.length);
      rows[row + hops + 1] = vocabulary.entityId(own[drawn]);
      if (ambiguous) {
        Arrays.setAll(ends, end -> vocabulary.entityId(ends[end]));
        sets.add(ImmutableIntArray.copyOf(ends));
      }
    }
    idle.add(chainEnds);
    if (known != null && knownEnds != null) {
      known.idle.add(knownEnds);
    }
    return Facts.of(vocabulary, hops, rows)
        .withAnswers(ambiguous ? sets.build() : SharedAnswers.SINGLE);
  }

  private ChainEnds borrow() {
    ChainEnds free = idle.poll();
    return free == null ? ends() : free;
  }

  private static int[] without(int[] ends, int[] knownEnds) {
    return Arrays.stream(ends).filter(end -> Arrays.binarySearch(knownEnds, end) < 0).toArray();
  }
}
