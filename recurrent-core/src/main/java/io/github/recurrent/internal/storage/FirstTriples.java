package io.github.recurrent.internal.storage;

import java.util.BitSet;
import java.util.OptionalInt;

/** Finds the first of the triples that say what an earlier one says, or something else. */
public final class FirstTriples {
  private final FactColumns triples;
  private final SortedFacts facts;

  public FirstTriples(FactColumns triples, SortedFacts facts) {
    this.triples = triples;
    this.facts = facts;
  }

  /**
   * Returns the first triple that repeats an earlier one.
   *
   * @param heads those that have such triples
   */
  public OptionalInt repeated(BitSet heads) {
    BitSet seen = new BitSet();
    for (int triple = 0; triple < triples.size(); triple++) {
      if (heads.get(triples.head(triple))) {
        int fact = fact(triple);
        if (seen.get(fact)) {
          return OptionalInt.of(triple);
        }
        seen.set(fact);
      }
    }
    return OptionalInt.empty();
  }

  /** Returns the first triple that gives a head another tail by a relation, if there is one. */
  public OptionalInt contradictory() {
    BitSet seen = new BitSet();
    for (int triple = 0; triple < triples.size(); triple++) {
      int fact = fact(triple);
      int earlier = earlier(triple, seen);
      if (earlier >= 0 && earlier != fact) {
        return OptionalInt.of(triple);
      }
      seen.set(fact);
    }
    return OptionalInt.empty();
  }

  /**
   * Returns the fact that gives a head its first tail by the relation of a contradictory triple.
   */
  public int contradicted(int contradictory) {
    int triple = 0;
    while (triples.head(triple) != triples.head(contradictory)
        || triples.relation(triple) != triples.relation(contradictory)) {
      triple++;
    }
    return fact(triple);
  }

  public int fact(int triple) {
    return facts.find(triples.head(triple), triples.relation(triple), triples.tail(triple));
  }

  private int earlier(int triple, BitSet seen) {
    int head = triples.head(triple);
    int relation = triples.relation(triple);
    int earlier = seen.nextSetBit(facts.first(head, relation));
    return earlier < facts.first(head, relation + 1) ? earlier : -1;
  }
}
