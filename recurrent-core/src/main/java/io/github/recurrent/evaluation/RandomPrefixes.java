package io.github.recurrent.evaluation;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Chains that end in the relations of a given one and are random before: from a head drawn evenly,
 * by outgoing facts drawn evenly, of those chains that have an answer. Not thread-safe.
 */
final class RandomPrefixes {
  private final AtomicFacts facts;

  /** By hops: the probability to be at each entity, by id, that many hops from a random head. */
  private final List<double[]> reached = new ArrayList<>();

  /** The facts that lead to each entity, by id: head, relation, head, relation, … */
  private final ImmutableIntArray[] incoming;

  private final int[] outDegrees;

  RandomPrefixes(AtomicFacts facts, int mostHops) {
    this.facts = facts;
    int size = facts.vocabulary().size();
    outDegrees = new int[size];
    ImmutableIntArray.Builder[] builders = new ImmutableIntArray.Builder[size];
    Arrays.setAll(builders, id -> ImmutableIntArray.builder());
    facts
        .entities()
        .forEach(
            head ->
                facts
                    .relations()
                    .forEach(
                        relation -> {
                          int tail = facts.tail(head, relation);
                          if (tail != AtomicFacts.NONE) {
                            outDegrees[head]++;
                            builders[tail].add(head).add(relation);
                          }
                        }));
    incoming =
        Arrays.stream(builders)
            .map(ImmutableIntArray.Builder::build)
            .toArray(ImmutableIntArray[]::new);
    double[] heads = new double[size];
    facts.entities().forEach(id -> heads[id] = 1.0 / facts.entities().length());
    reached.add(heads);
    for (int hops = 1; hops <= mostHops; hops++) {
      double[] next = new double[size];
      for (int tail = 0; tail < size; tail++) {
        for (int i = 0; i < incoming[tail].length(); i += 2) {
          next[tail] += step(hops, incoming[tail].get(i));
        }
      }
      reached.add(next);
    }
  }

  /** Returns the probability to come to one of an entity's facts at a hop, for each fact. */
  private double step(int hop, int head) {
    return reached.get(hop - 1)[head] / outDegrees[head];
  }

  /** Begins with a chain, and with all its relations kept. */
  Chain of(int[] query) {
    return new Chain(query);
  }

  /** A chain of which ever fewer last relations are kept. */
  final class Chain {
    private final int[] query;
    private final int answer;

    /** By entity: what the kept relations reach from it. */
    private final int[] ends;

    private int kept;

    private Chain(int[] query) {
      this.query = query;
      answer = facts.answer(query);
      ends = new int[facts.vocabulary().size()];
      Arrays.fill(ends, AtomicFacts.NONE);
      facts.entities().forEach(id -> ends[id] = id);
    }

    /** Keeps one relation more, beginning with the last. */
    void keepOneMore() {
      kept++;
      int relation = query[query.length - kept];
      int[] before = ends.clone();
      facts
          .entities()
          .forEach(
              id -> {
                int tail = facts.tail(id, relation);
                ends[id] = tail == AtomicFacts.NONE ? AtomicFacts.NONE : before[tail];
              });
    }

    /** Returns the probability that a chain which ends in the kept relations has this answer. */
    double sameAnswer() {
      double[] starts = reached.get(query.length - 1 - kept);
      double same = 0;
      double all = 0;
      for (int id = 0; id < ends.length; id++) {
        all += ends[id] == AtomicFacts.NONE ? 0 : starts[id];
        same += ends[id] == answer ? starts[id] : 0;
      }
      return same / all;
    }

    /** Draws a chain that ends in the kept relations; returns its ids. */
    int[] draw(UniformRandomProvider random) {
      int[] drawn = query.clone();
      int hop = query.length - 1 - kept;
      double[] weights = reached.get(hop).clone();
      for (int id = 0; id < weights.length; id++) {
        weights[id] = ends[id] == AtomicFacts.NONE ? 0 : weights[id];
      }
      int entity = choose(weights, random);
      for (; hop > 0; hop--) {
        ImmutableIntArray edges = incoming[entity];
        double[] edgeWeights = new double[edges.length() / 2];
        for (int edge = 0; edge < edgeWeights.length; edge++) {
          edgeWeights[edge] = step(hop, edges.get(2 * edge));
        }
        int edge = choose(edgeWeights, random);
        drawn[hop] = edges.get(2 * edge + 1);
        entity = edges.get(2 * edge);
      }
      drawn[0] = entity;
      return drawn;
    }
  }

  private static int choose(double[] weights, UniformRandomProvider random) {
    double left = Arrays.stream(weights).sum() * random.nextDouble();
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        left -= weights[i];
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }
}
