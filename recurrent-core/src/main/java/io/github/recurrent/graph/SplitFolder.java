package io.github.recurrent.graph;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.storage.FactColumns;
import io.github.recurrent.internal.storage.NameTable;
import io.github.recurrent.internal.storage.SortedFacts;
import io.github.recurrent.internal.triples.SplitFiles;
import io.github.recurrent.internal.triples.TripleCollector;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Makes a {@link KnowledgeGraph.Splits} of the files of a folder. */
final class SplitFolder {
  private static final System.Logger LOG = System.getLogger(KnowledgeGraph.class.getName());

  private final Path folder;
  private final ReadChoices choices;

  private SplitFolder(Path folder, ReadChoices choices) {
    this.folder = folder;
    this.choices = choices;
  }

  static KnowledgeGraph.Splits read(Path folder, ReadChoices choices) throws IOException {
    return new SplitFolder(folder, choices).read();
  }

  private KnowledgeGraph.Splits read() throws IOException {
    List<TripleCollector> collected = SplitFiles.read(folder, choices.triples());
    NameTable entities = collected.get(0).entities();
    NameTable relations = collected.get(0).relations();
    List<KnowledgeGraph> parts = new ArrayList<>();
    // Ambiguity is that of all facts together, which is told below.
    ReadChoices partChoices =
        ImmutableReadChoices.copyOf(choices).withAmbiguity(Ambiguity.keepAll());
    FactColumns facts = new FactColumns();
    for (TripleCollector part : collected) {
      KnowledgeGraph graph = GraphFile.checked(part, partChoices);
      parts.add(graph);
      add(graph, facts);
    }
    KnowledgeGraph all =
        new KnowledgeGraph(
            entities,
            relations,
            SortedFacts.of(facts, entities.size(), relations.size(), new BitSet()));
    warnOfOverlap(facts.size() - all.atomicFacts());
    return resolved(all, parts);
  }

  private static void add(KnowledgeGraph graph, FactColumns facts) {
    SortedFacts part = graph.facts();
    for (int head = 0; head < part.entities(); head++) {
      for (int fact = part.first(head); fact < part.first(head + 1); fact++) {
        facts.add(head, part.relation(fact), part.tail(fact));
      }
    }
  }

  private void warnOfOverlap(long repeated) {
    if (repeated > 0) {
      LOG.log(
          Level.WARNING,
          folder
              + ": "
              + repeated
              + " facts are in more than one of the files, so that what is tested is trained on");
    }
  }

  private KnowledgeGraph.Splits resolved(KnowledgeGraph all, List<KnowledgeGraph> parts)
      throws FileFormatException {
    if (choices.refusesAmbiguity() && all.isAmbiguous()) {
      int later = firstAmbiguous(all.facts());
      throw new FileFormatException(
          folder,
          TwoTails.message(all, later, later - 1, "one of its files", "the same or another file"));
    }
    KnowledgeGraph kept = choices.ambiguity().resolved(all);
    if (kept.atomicFacts() == 0) {
      throw new FileFormatException(folder, Ambiguity.NOTHING_LEFT);
    }
    if (kept.atomicFacts() == all.atomicFacts()) {
      return new KnowledgeGraph.Splits(all, parts.get(0), parts.get(1), parts.get(2));
    }
    return new KnowledgeGraph.Splits(
        kept,
        kept(parts.get(0), kept.facts()),
        kept(parts.get(1), kept.facts()),
        kept(parts.get(2), kept.facts()));
  }

  private static int firstAmbiguous(SortedFacts facts) {
    for (int head = 0; ; head++) {
      for (int fact = facts.first(head) + 1; fact < facts.first(head + 1); fact++) {
        if (facts.relation(fact) == facts.relation(fact - 1)) {
          return fact;
        }
      }
    }
  }

  private static KnowledgeGraph kept(KnowledgeGraph part, SortedFacts kept) {
    SortedFacts facts = part.facts();
    BitSet wanted = new BitSet();
    for (int head = 0; head < facts.entities(); head++) {
      for (int fact = facts.first(head); fact < facts.first(head + 1); fact++) {
        if (kept.find(head, facts.relation(fact), facts.tail(fact)) >= 0) {
          wanted.set(fact);
        }
      }
    }
    return part.kept(wanted);
  }
}
