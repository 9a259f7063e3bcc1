package io.github.recurrent.graph;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.storage.FactColumns;
import io.github.recurrent.internal.storage.FirstTriples;
import io.github.recurrent.internal.storage.NameTable;
import io.github.recurrent.internal.storage.SortedFacts;
import io.github.recurrent.internal.triples.LookAlikes;
import io.github.recurrent.internal.triples.TripleCollector;
import io.github.recurrent.internal.triples.TripleFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Iterator;
import java.util.OptionalInt;

/** Reads a graph from a file of triples. */
final class GraphFile {
  private GraphFile() {}

  static KnowledgeGraph read(Path file, ReadChoices choices) throws IOException {
    return graph(TripleFile.read(file, choices.triples()), choices);
  }

  private static KnowledgeGraph graph(TripleCollector triples, ReadChoices choices)
      throws FileFormatException {
    KnowledgeGraph graph = choices.ambiguity().resolved(checked(triples, choices));
    if (graph.atomicFacts() == 0) {
      throw new FileFormatException(triples.file(), Ambiguity.NOTHING_LEFT);
    }
    return graph;
  }

  /**
   * Returns all facts of a file.
   *
   * @throws FileFormatException if it has triples that are to be refused
   */
  static KnowledgeGraph checked(TripleCollector collected, ReadChoices choices)
      throws FileFormatException {
    FactColumns triples = collected.triples();
    BitSet repeatedHeads = new BitSet();
    SortedFacts facts =
        SortedFacts.of(
            triples, collected.entities().size(), collected.relations().size(), repeatedHeads);
    KnowledgeGraph graph = new KnowledgeGraph(collected.entities(), collected.relations(), facts);
    FirstTriples first = new FirstTriples(triples, facts);
    int repeated = triples.size() - facts.size();
    long contradictory =
        choices.checks().isPresent() || choices.refusesAmbiguity() ? graph.ambiguousFacts() : 0;
    OptionalInt firstContradictory =
        contradictory == 0 ? OptionalInt.empty() : first.contradictory();
    OptionalInt firstRepeated = repeated == 0 ? OptionalInt.empty() : first.repeated(repeatedHeads);
    if (firstContradictory.isPresent() && choices.refusesAmbiguity()) {
      int triple = firstContradictory.getAsInt();
      throw FileFormatException.atLine(
          collected.file(),
          collected.line(triple),
          TwoTails.message(
              graph, first.fact(triple), first.contradicted(triple), "", "an earlier line"));
    }
    if (firstRepeated.isPresent() && choices.refusesRepeated()) {
      throw FileFormatException.atLine(
          collected.file(),
          collected.line(firstRepeated.getAsInt()),
          "repeats an earlier triple, as do "
              + repeated
              + " of "
              + triples.size()
              + " triples in all");
    }
    RecordChecks.Counts counts =
        new RecordChecks.Counts(
            collected.file(),
            "line",
            triples.size(),
            repeated,
            line(collected, firstRepeated),
            contradictory,
            line(collected, firstContradictory));
    choices.checks().map(RecordChecks::listener).orElse(RecordChecks.Counts::warn).accept(counts);
    return graph;
  }

  private static long line(TripleCollector collected, OptionalInt triple) {
    return triple.isPresent() ? collected.line(triple.getAsInt()) : 0;
  }

  /**
   * Returns the graph of triples in memory.
   *
   * @throws IllegalArgumentException if there is none, a name has no text, or the policy refuses
   *     them
   */
  static KnowledgeGraph of(Iterator<Triple> triples, Ambiguity ambiguity) {
    NameTable entities = new NameTable();
    NameTable relations = new NameTable();
    FactColumns columns = new FactColumns();
    while (triples.hasNext()) {
      Triple triple = triples.next();
      for (String name : ImmutableList.of(triple.head(), triple.relation(), triple.tail())) {
        requireName(name, columns.size() + 1L);
      }
      int head = entities.add(triple.head());
      columns.add(head, relations.add(triple.relation()), entities.add(triple.tail()));
    }
    if (columns.size() == 0) {
      throw new IllegalArgumentException("a graph needs at least one triple, but there is none");
    }
    entities.trim();
    relations.trim();
    SortedFacts facts = SortedFacts.of(columns, entities.size(), relations.size(), new BitSet());
    KnowledgeGraph graph = new KnowledgeGraph(entities, relations, facts);
    if (ambiguity.refuses()) {
      FirstTriples first = new FirstTriples(columns, facts);
      first
          .contradictory()
          .ifPresent(
              triple -> {
                throw new IllegalArgumentException(
                    TwoTails.message(
                        graph,
                        first.fact(triple),
                        first.contradicted(triple),
                        "triple " + (triple + 1L),
                        "an earlier triple"));
              });
    }
    KnowledgeGraph resolved = ambiguity.resolved(graph);
    if (resolved.atomicFacts() == 0) {
      throw new IllegalArgumentException(Ambiguity.NOTHING_LEFT);
    }
    return resolved;
  }

  private static void requireName(String name, long triple) {
    if (LookAlikes.isBlank(name)) {
      throw new IllegalArgumentException(
          "triple " + triple + " has the name \"" + name + "\", but a name must have text");
    }
    for (int index = 0; index < name.length(); index++) {
      if (Character.isSurrogate(name.charAt(index))) {
        int codePoint = name.codePointAt(index);
        if (!Character.isSupplementaryCodePoint(codePoint)) {
          throw new IllegalArgumentException(
              "triple " + triple + " has a name with half of a surrogate pair at index " + index);
        }
        index++;
      }
    }
  }
}
