package io.github.recurrent.evaluation;

import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.KnowledgeGraph;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The answers that a graph gives, by token ids, whatever numbers it has for its names. Immutable
 * and thread-safe.
 */
final class KnownAnswers {
  private static final int UNKNOWN = -1;

  private final KnowledgeGraph graph;

  /** The numbers that the graph has for entities and relations, by the ids of their tokens. */
  private final int[] indices;

  /** The ids of the graph's entities. */
  private final int[] ids;

  private KnownAnswers(KnowledgeGraph graph, int[] indices, int[] ids) {
    this.graph = graph;
    this.indices = indices;
    this.ids = ids;
  }

  /**
   * @throws IllegalArgumentException if the vocabulary lacks a name of the graph
   */
  static KnownAnswers of(KnowledgeGraph graph, Vocabulary vocabulary) {
    int[] indices = new int[vocabulary.size()];
    Arrays.fill(indices, UNKNOWN);
    int[] ids = new int[graph.entities()];
    for (int entity = 0; entity < ids.length; entity++) {
      ids[entity] = vocabulary.id(Vocabulary.entityToken(graph.entityName(entity)));
      indices[ids[entity]] = entity;
    }
    for (int relation = 0; relation < graph.relations(); relation++) {
      indices[vocabulary.id(Vocabulary.relationToken(graph.relationName(relation)))] = relation;
    }
    return new KnownAnswers(graph, indices, ids);
  }

  /** Returns those of some answers that the graph does not give to a query, by their ids. */
  ImmutableIntArray without(int[] query, ImmutableIntArray answers) {
    int[] known = Arrays.stream(query).map(id -> indices[id]).toArray();
    if (Arrays.stream(known).anyMatch(index -> index == UNKNOWN)) {
      return answers;
    }
    BitSet given = new BitSet();
    graph
        .tails(known[0], Arrays.copyOfRange(known, 1, known.length))
        .forEach(entity -> given.set(ids[entity]));
    return ImmutableIntArray.copyOf(answers.stream().filter(id -> !given.get(id)));
  }
}
