package io.github.recurrent.graph;

import io.github.recurrent.internal.triples.TripleColumns;

/** The order of the columns of a file of triples. */
public enum ColumnOrder {
  /** Head, relation, tail. */
  HEAD_RELATION_TAIL(TripleColumns.IN_ORDER),
  /** Head, tail, relation. */
  HEAD_TAIL_RELATION(new TripleColumns(0, 2, 1));

  private final TripleColumns columns;

  ColumnOrder(TripleColumns columns) {
    this.columns = columns;
  }

  TripleColumns columns() {
    return columns;
  }
}
