package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The atomic facts that chains are made of, by token ids. Immutable and thread-safe. */
final class AtomicFacts {
  /** Where there is no tail. */
  static final int NONE = -1;

  private final Vocabulary vocabulary;
  private final ImmutableIntArray entities;
  private final ImmutableIntArray relations;

  /** Where there are several tails. */
  private static final int SEVERAL = -2;

  /** {@code [entity id][index of the relation]}; empty for ids that are not entities. */
  private final int[][] tails;

  /** By the ids of relations. */
  private final int[] relationIndices;

  private AtomicFacts(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    ImmutableIntArray.Builder entities = ImmutableIntArray.builder(vocabulary.entities());
    ImmutableIntArray.Builder relations = ImmutableIntArray.builder(vocabulary.relations());
    for (int entity = 0; entity < vocabulary.entities(); entity++) {
      entities.add(vocabulary.entityId(entity));
    }
    for (int relation = 0; relation < vocabulary.relations(); relation++) {
      relations.add(vocabulary.relationId(relation));
    }
    this.entities = entities.build();
    this.relations = relations.build();
    relationIndices = new int[vocabulary.size()];
    for (int relation = 0; relation < vocabulary.relations(); relation++) {
      relationIndices[vocabulary.relationId(relation)] = relation;
    }
    tails = new int[vocabulary.size()][0];
    this.entities.forEach(
        id -> {
          tails[id] = new int[vocabulary.relations()];
          Arrays.fill(tails[id], NONE);
        });
  }

  static AtomicFacts of(KnowledgeGraph graph, Vocabulary vocabulary) {
    checkArgument(
        vocabulary.entities() == graph.entities() && vocabulary.relations() == graph.relations(),
        "the graph has %s entities and %s relations, but the model's vocabulary %s and %s",
        graph.entities(),
        graph.relations(),
        vocabulary.entities(),
        vocabulary.relations());
    AtomicFacts facts = new AtomicFacts(vocabulary);
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      facts.put(
          vocabulary.entityId(graph.head(fact)),
          vocabulary.relationId(graph.relation(fact)),
          vocabulary.entityId(graph.tail(fact)));
    }
    return facts;
  }

  static AtomicFacts of(Facts atomic) {
    checkArgument(atomic.hops() == 1, "atomic facts have 1 hop, but these have %s", atomic.hops());
    AtomicFacts facts = new AtomicFacts(atomic.vocabulary());
    for (int fact = 0; fact < atomic.size(); fact++) {
      int head = atomic.queryId(fact, 0);
      int relation = atomic.queryId(fact, 1);
      atomic.answerIds(fact).forEach(tail -> facts.put(head, relation, tail));
    }
    return facts;
  }

  private void put(int head, int relation, int tail) {
    int index = relationIndices[relation];
    int known = tails[head][index];
    tails[head][index] = known == NONE || known == tail ? tail : SEVERAL;
  }

  /**
   * Returns these facts, of which no head has several tails by a relation.
   *
   * @throws IllegalArgumentException if one does
   */
  AtomicFacts requireOneWay() {
    entities.forEach(
        head ->
            relations.forEach(
                relation ->
                    checkArgument(
                        tail(head, relation) != SEVERAL,
                        "%s; this analysis needs a graph in which a chain of relations leads one"
                            + " way from every entity, such as the one that"
                            + " graph.resolve(Ambiguity.dropAmbiguous()) returns",
                        several(head, relation))));
    return this;
  }

  private String several(int head, int relation) {
    return vocabulary.token(head) + " has several tails by " + vocabulary.token(relation);
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Returns the ids of all entities. */
  ImmutableIntArray entities() {
    return entities;
  }

  /** Returns the ids of all relations. */
  ImmutableIntArray relations() {
    return relations;
  }

  /** Returns the id of the tail of a head by a relation, or {@link #NONE}. */
  int tail(int head, int relation) {
    return tails[head][relationIndices[relation]];
  }

  /** Returns the id of the entity that a chain reaches after all its hops, or {@link #NONE}. */
  int answer(int[] query) {
    return follow(query[0], query, 1);
  }

  /** Returns what the hops of a chain from the given one on reach from an entity. */
  int follow(int from, int[] query, int firstHop) {
    int entity = from;
    for (int hop = firstHop; hop < query.length && entity != NONE; hop++) {
      entity = tail(entity, query[hop]);
    }
    return entity;
  }

  /**
   * Returns the ids of the entities on the way of a fact: the head, the entity after each hop.
   *
   * @throws IllegalArgumentException if these facts do not lead to its answer, or several ways do
   */
  int[] path(Facts facts, int fact) {
    int[] query = facts.queryIds(fact);
    int[] path = new int[query.length];
    path[0] = query[0];
    for (int hop = 1; hop < query.length; hop++) {
      path[hop] = path[hop - 1] == NONE ? NONE : tail(path[hop - 1], query[hop]);
      checkArgument(
          path[hop] != SEVERAL,
          "%s may lead several ways, as %s; this analysis needs facts of one way each",
          facts.query(fact),
          several(path[hop - 1], query[hop]));
    }
    checkArgument(
        path[facts.hops()] == facts.answerId(fact),
        "the atomic facts lead %s to %s, but its answer is %s; they are those of another graph",
        facts.query(fact),
        path[facts.hops()] == NONE ? "nowhere" : vocabulary.token(path[facts.hops()]),
        facts.answer(fact));
    return path;
  }

  /** Returns a query from its ids. */
  Query query(int[] ids) {
    List<String> names = new ArrayList<>();
    for (int id : ids) {
      names.add(vocabulary.token(id));
    }
    return Query.of(names.get(0), names.subList(1, names.size()));
  }
}
