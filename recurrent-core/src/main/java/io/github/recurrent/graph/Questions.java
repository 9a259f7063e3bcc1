package io.github.recurrent.graph;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Asks a graph by names. Immutable and thread-safe. */
final class Questions {
  private static final int MOST_REACHED_SHOWN = 3;

  private final KnowledgeGraph graph;
  private final Chains chains;

  Questions(KnowledgeGraph graph) {
    this.graph = graph;
    this.chains = new Chains(graph);
  }

  ImmutableSet<String> answers(Query query) {
    return chains.ends(head(query), relations(query)).stream()
        .mapToObj(graph::entityName)
        .collect(ImmutableSet.toImmutableSet());
  }

  Explanation explain(Query query, int most) {
    int[] relations = relations(query);
    List<ImmutableIntArray> reached = new ArrayList<>();
    reached.add(ImmutableIntArray.of(head(query)));
    for (int relation : relations) {
      ImmutableIntArray before = reached.get(reached.size() - 1);
      ImmutableIntArray after = chains.step(before, relation);
      if (after.isEmpty()) {
        return new Explanation(
            query,
            ImmutableList.of(),
            true,
            Optional.of(deadEnd(reached.size(), relation, before)));
      }
      reached.add(after);
    }
    Ways ways = new Ways(relations, onTheWay(reached, relations), most);
    ways.follow(reached.get(0).get(0));
    return new Explanation(query, ways.found.build(), !ways.hasMore, Optional.empty());
  }

  private Explanation.DeadEnd deadEnd(int hop, int relation, ImmutableIntArray reached) {
    return new Explanation.DeadEnd(
        hop,
        graph.relationName(relation),
        reached.stream()
            .limit(MOST_REACHED_SHOWN)
            .mapToObj(graph::entityName)
            .collect(ImmutableList.toImmutableList()),
        reached.length());
  }

  /** Returns by hops those of the reached entities from which the rest of the chain can be gone. */
  private List<BitSet> onTheWay(List<ImmutableIntArray> reached, int[] relations) {
    List<BitSet> goesOn = new ArrayList<>();
    reached.forEach(unused -> goesOn.add(new BitSet()));
    reached.get(relations.length).forEach(goesOn.get(relations.length)::set);
    for (int hop = relations.length - 1; hop >= 0; hop--) {
      BitSet next = goesOn.get(hop + 1);
      BitSet now = goesOn.get(hop);
      int relation = relations[hop];
      reached
          .get(hop)
          .forEach(
              entity -> {
                if (graph.tails(entity, relation).stream().anyMatch(next::get)) {
                  now.set(entity);
                }
              });
    }
    return goesOn;
  }

  private int head(Query query) {
    return graph.entity(query.headName());
  }

  private int[] relations(Query query) {
    return query.relationNames().stream().mapToInt(name -> graph.relation(name)).toArray();
  }

  /** Follows a chain along all its ways, none of which breaks off. Not thread-safe. */
  private final class Ways {
    private final int[] relations;
    private final List<BitSet> goesOn;
    private final int most;
    private final int[] entities;
    private final ImmutableList<String> relationNames;
    private final ImmutableList.Builder<Explanation.Way> found = ImmutableList.builder();
    private int count;
    private boolean hasMore;

    Ways(int[] relations, List<BitSet> goesOn, int most) {
      this.relations = relations;
      this.goesOn = goesOn;
      this.most = most;
      this.entities = new int[relations.length + 1];
      ImmutableList.Builder<String> names = ImmutableList.builder();
      for (int relation : relations) {
        names.add(graph.relationName(relation));
      }
      relationNames = names.build();
    }

    /** Goes on from an entity, with a stack of its own, as chains may be long. */
    void follow(int head) {
      ImmutableIntArray[] choices = new ImmutableIntArray[entities.length];
      int[] next = new int[entities.length];
      choices[0] = ImmutableIntArray.of(head);
      int hop = 0;
      while (hop >= 0) {
        if (next[hop] == choices[hop].length()) {
          hop--;
          continue;
        }
        int entity = choices[hop].get(next[hop]++);
        if (!goesOn.get(hop).get(entity)) {
          continue;
        }
        entities[hop] = entity;
        if (hop < relations.length) {
          choices[hop + 1] = graph.tails(entity, relations[hop]);
          hop++;
          next[hop] = 0;
        } else if (count < most) {
          add();
        } else {
          hasMore = true;
          return;
        }
      }
    }

    private void add() {
      count++;
      ImmutableList.Builder<String> names = ImmutableList.builder();
      for (int entity : entities) {
        names.add(graph.entityName(entity));
      }
      found.add(new Explanation.Way(names.build(), relationNames));
    }
  }
}
