package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.graph.KnowledgeGraph;

/** Checks that one graph is another without some of its facts. */
final class HeldOutFacts {
  private HeldOutFacts() {}

  /**
   * @param train the graph to train on
   * @param all the graph of all facts
   * @throws IllegalArgumentException unless both have the same entities and relations in the same
   *     order, and the graph of all facts has those to train on
   */
  static void check(KnowledgeGraph train, KnowledgeGraph all) {
    checkArgument(
        all.entities() == train.entities() && all.relations() == train.relations(),
        "the graph of all facts must have the entities and relations of the training graph, but has"
            + " %s and %s instead of %s and %s",
        all.entities(),
        all.relations(),
        train.entities(),
        train.relations());
    for (int entity = 0; entity < all.entities(); entity++) {
      checkName(all.entityName(entity), train.entityName(entity), "entity", entity);
    }
    for (int relation = 0; relation < all.relations(); relation++) {
      checkName(all.relationName(relation), train.relationName(relation), "relation", relation);
    }
    for (int head = 0; head < train.entities(); head++) {
      checkFacts(train, all, head);
    }
  }

  private static void checkName(String name, String expected, String kind, int index) {
    checkArgument(
        name.equals(expected),
        "%s %s is \"%s\" in the graph of all facts, but \"%s\" in the training graph",
        kind,
        index,
        name,
        expected);
  }

  /** Both graphs have a head's facts in the same order. */
  private static void checkFacts(KnowledgeGraph train, KnowledgeGraph all, int head) {
    int end = train.firstFact(head) + train.outDegree(head);
    int beyond = all.firstFact(head) + all.outDegree(head);
    int other = all.firstFact(head);
    for (int fact = train.firstFact(head); fact < end; fact++) {
      while (other < beyond
          && (all.relation(other) != train.relation(fact) || all.tail(other) != train.tail(fact))) {
        other++;
      }
      checkArgument(
          other < beyond,
          "the graph of all facts lacks %s, %s, %s of the training graph",
          train.entityName(head),
          train.relationName(train.relation(fact)),
          train.entityName(train.tail(fact)));
    }
  }
}
