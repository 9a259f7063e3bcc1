package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.reasoning.QueryBatch;

/** Facts few enough to be run at once. */
final class FactBatch {
  /** Keeps the logits of a long trajectory within some hundred megabytes. */
  private static final int MAX_ROWS = 1024;

  private final Facts facts;
  private final QueryBatch queries;

  private FactBatch(Facts facts) {
    this.facts = facts;
    this.queries = QueryBatch.of(facts);
  }

  static ImmutableList<FactBatch> of(Facts facts) {
    checkArgument(facts.size() > 0, "no facts of %s hops to evaluate on", facts.hops());
    ImmutableList.Builder<FactBatch> batches = ImmutableList.builder();
    for (int from = 0; from < facts.size(); from += MAX_ROWS) {
      batches.add(new FactBatch(facts.subList(from, Math.min(facts.size(), from + MAX_ROWS))));
    }
    return batches.build();
  }

  QueryBatch queries() {
    return queries;
  }

  int size() {
    return facts.size();
  }

  int answerId(int row) {
    return facts.answerId(row);
  }
}
