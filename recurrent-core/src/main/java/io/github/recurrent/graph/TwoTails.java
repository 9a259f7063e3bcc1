package io.github.recurrent.graph;

/** The message on a head that has two tails by a relation. */
final class TwoTails {
  private TwoTails() {}

  /**
   * @param later the fact that was found later
   * @param earlier the fact that was found earlier
   * @param where what gives the later tail; empty if the message goes on behind a place
   * @param other what gives the earlier tail
   */
  static String message(KnowledgeGraph graph, int later, int earlier, String where, String other) {
    return (where.isEmpty() ? "" : where + " ")
        + "gives "
        + graph.entityName(graph.head(later))
        + " the tail "
        + graph.entityName(graph.tail(later))
        + " by "
        + graph.relationName(graph.relation(later))
        + ", but "
        + other
        + " gives it "
        + graph.entityName(graph.tail(earlier))
        + "; Ambiguity.keepAll(), keepOne(seed) and dropAmbiguous() accept several tails";
  }
}
