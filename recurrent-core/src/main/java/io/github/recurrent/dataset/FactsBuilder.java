package io.github.recurrent.dataset;

import com.google.common.primitives.ImmutableIntArray;

/** Collects facts of one number of hops. Not thread-safe. */
final class FactsBuilder {
  private final Vocabulary vocabulary;
  private final int hops;
  private final ImmutableIntArray.Builder ids = ImmutableIntArray.builder();

  FactsBuilder(Vocabulary vocabulary, int hops) {
    this.vocabulary = vocabulary;
    this.hops = hops;
  }

  int hops() {
    return hops;
  }

  void add(int[] queryIds, int answerId) {
    for (int id : queryIds) {
      ids.add(id);
    }
    ids.add(answerId);
  }

  Facts build() {
    return Facts.of(vocabulary, hops, ids.build().toArray());
  }
}
