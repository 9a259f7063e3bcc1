package io.github.recurrent.graph;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Reads the files of a {@link GraphSplits}. */
final class SplitFolder {
  private static final System.Logger LOG = System.getLogger(KnowledgeGraph.class.getName());

  private static final ImmutableList<ImmutableSet<String>> STEMS =
      ImmutableList.of(
          ImmutableSet.of("train", "train2id"),
          ImmutableSet.of("valid", "validation", "dev", "valid2id"),
          ImmutableSet.of("test", "test2id"));

  private final Path folder;
  private final ReadChoices choices;

  private SplitFolder(Path folder, ReadChoices choices) {
    this.folder = folder;
    this.choices = choices;
  }

  static GraphSplits read(Path folder, ReadChoices choices) throws IOException {
    return new SplitFolder(folder, choices).read();
  }

  private GraphSplits read() throws IOException {
    List<Optional<Path>> files = files();
    if (files.get(0).isEmpty()) {
      throw new FileFormatException(
          folder,
          "must hold a file of triples to train on, such as train.tsv, train.txt or train2id.txt"
              + " with entity2id.txt and relation2id.txt");
    }
    List<TripleCollector> collected = collect(files);
    NameTable entities = collected.get(0).entities();
    NameTable relations = collected.get(0).relations();
    GraphFile.warnOfLookAlikes(folder, entities, relations);
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

  private List<Optional<Path>> files() throws IOException {
    List<Optional<Path>> files = new ArrayList<>();
    ImmutableSortedSet<Path> listed;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      listed = ImmutableSortedSet.copyOf(entries);
    }
    for (ImmutableSet<String> stems : STEMS) {
      Optional<Path> found = Optional.empty();
      for (Path file : listed) {
        if (!stems.contains(TripleFormat.stem(file))
            || TripleFormat.find(file).isEmpty()
            || (TripleFormat.stem(file).endsWith("2id") && !IdFiles.has(file))) {
          continue;
        }
        if (found.isPresent()) {
          throw new FileFormatException(
              folder,
              "holds both "
                  + found.get().getFileName()
                  + " and "
                  + file.getFileName()
                  + ", of which one must go elsewhere");
        }
        found = Optional.of(file);
      }
      files.add(found);
    }
    return files;
  }

  private List<TripleCollector> collect(List<Optional<Path>> files) throws IOException {
    Path train = files.get(0).orElseThrow();
    Optional<IdFiles> ids = IdFiles.has(train) ? Optional.of(IdFiles.of(train)) : Optional.empty();
    NameTable entities = ids.map(IdFiles::entities).orElseGet(NameTable::new);
    NameTable relations = ids.map(IdFiles::relations).orElseGet(NameTable::new);
    List<TripleCollector> collected = new ArrayList<>();
    for (Optional<Path> file : files) {
      if (file.isEmpty()) {
        collected.add(new TripleCollector(folder, entities, relations));
        continue;
      }
      if (IdFiles.has(file.get()) != ids.isPresent()) {
        throw new FileFormatException(
            folder,
            "holds "
                + train.getFileName()
                + " and "
                + file.get().getFileName()
                + ", but all files must be of ids or all of names");
      }
      collected.add(
          ids.isPresent()
              ? ids.get().read(file.get(), choices)
              : GraphFile.collect(file.get(), choices, entities, relations));
    }
    entities.trim();
    relations.trim();
    return collected;
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

  private GraphSplits resolved(KnowledgeGraph all, List<KnowledgeGraph> parts)
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
      return new GraphSplits(all, parts.get(0), parts.get(1), parts.get(2));
    }
    return new GraphSplits(
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
