package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.MultimapBuilder;
import com.google.common.collect.SetMultimap;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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

  /** The tails of heads that have several by a relation. */
  private final SetMultimap<Long, Integer> severals =
      MultimapBuilder.hashKeys().treeSetValues().build();

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
    if (known == NONE || known == tail) {
      tails[head][index] = tail;
      return;
    }
    if (known != SEVERAL) {
      severals.put(pair(head, index), known);
      tails[head][index] = SEVERAL;
    }
    severals.put(pair(head, index), tail);
  }

  private static long pair(int head, int index) {
    return ((long) head << Integer.SIZE) | index;
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

  /** Returns the ids of all tails of a head by a relation. */
  private ImmutableIntArray tails(int head, int relation) {
    int tail = tail(head, relation);
    if (tail == SEVERAL) {
      return ImmutableIntArray.copyOf(severals.get(pair(head, relationIndices[relation])));
    }
    return tail == NONE ? ImmutableIntArray.of() : ImmutableIntArray.of(tail);
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
   * Returns the ids of the entities on the only way of a fact: the head, the entity after each hop.
   *
   * @throws IllegalArgumentException if these facts do not lead to its answer
   */
  int[] path(Facts facts, int fact) {
    return ways(facts, fact).stream().mapToInt(reached -> reached.get(0)).toArray();
  }

  /**
   * Returns the ids of the entities on the ways to a fact's right answers: the head, then after
   * each hop those from which the rest of the chain leads to a right answer, in ascending order.
   *
   * @throws IllegalArgumentException if these facts do not lead to the fact's own answer
   */
  ImmutableList<ImmutableIntArray> ways(Facts facts, int fact) {
    int[] query = facts.queryIds(fact);
    List<BitSet> reached = new ArrayList<>();
    BitSet entities = new BitSet();
    entities.set(query[0]);
    reached.add(entities);
    for (int hop = 1; hop < query.length; hop++) {
      BitSet next = new BitSet();
      int relation = query[hop];
      entities.stream().forEach(head -> tails(head, relation).forEach(next::set));
      entities = next;
      reached.add(entities);
    }
    requireAnswer(facts, fact, entities);
    BitSet right = new BitSet();
    facts.answerIds(fact).forEach(right::set);
    entities.and(right);
    for (int hop = facts.hops() - 1; hop > 0; hop--) {
      BitSet later = reached.get(hop + 1);
      int relation = query[hop + 1];
      reached.get(hop).stream()
          .filter(head -> tails(head, relation).stream().noneMatch(later::get))
          .forEach(reached.get(hop)::clear);
    }
    return reached.stream()
        .map(ids -> ImmutableIntArray.copyOf(ids.stream()))
        .collect(ImmutableList.toImmutableList());
  }

  private void requireAnswer(Facts facts, int fact, BitSet ends) {
    int count = ends.cardinality();
    checkArgument(
        ends.get(facts.answerId(fact)),
        "the atomic facts lead %s to %s, but its answer is %s; they are those of another graph",
        facts.query(fact),
        switch (count) {
          case 0 -> "nowhere";
          case 1 -> vocabulary.token(ends.nextSetBit(0));
          default -> count + " other entities";
        },
        facts.answer(fact));
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
