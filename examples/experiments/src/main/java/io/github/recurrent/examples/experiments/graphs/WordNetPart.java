package io.github.recurrent.examples.experiments.graphs;

import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.graph.KnowledgeGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the part of WordNet around an entity, small enough to be trained on in minutes, for {@link
 * GraphTraining}.
 *
 * <p>Usage: {@code WordNetPart [entity [most facts [file [folder]]]]}; 3,000 facts around {@code
 * Europe} unless given, from {@code /usr/share/wordnet}, where Debian's package {@code
 * wordnet-base} has it.
 */
public final class WordNetPart {
  private static final int HOPS = 20;

  private WordNetPart() {}

  /** Writes the file. */
  public static void main(String[] arguments) throws IOException {
    Arguments told = Arguments.of(arguments);
    String entity = told.get(0, "Europe");
    int facts = told.number(1, "most facts", 3000);
    Path file = told.path(2, "runs/graphs/wordnet-" + entity + ".tsv");
    KnowledgeGraph graph = WordNet.read(told.path(3, "/usr/share/wordnet"));
    System.out.println("Read " + graph);
    Files.createDirectories(file.toAbsolutePath().getParent());
    KnowledgeGraph part = graph.subgraph(ImmutableIntArray.of(graph.entity(entity)), HOPS, facts);
    part.write(file);
    System.out.println("Wrote " + part + " to " + file);
  }
}
