package io.github.recurrent.graph;

import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A graph whose facts are split into those to train on, to validate by and to test, as published
 * graphs are. All four graphs number entities and relations the same. Immutable and thread-safe.
 */
public final class GraphSplits {
  private final KnowledgeGraph all;
  private final KnowledgeGraph train;
  private final KnowledgeGraph validation;
  private final KnowledgeGraph test;

  /** The graphs share their tables of names. */
  GraphSplits(
      KnowledgeGraph all, KnowledgeGraph train, KnowledgeGraph validation, KnowledgeGraph test) {
    this.all = all;
    this.train = train;
    this.validation = validation;
    this.test = test;
  }

  /**
   * Reads a folder of triples: {@code train}, {@code valid} (also {@code validation} or {@code
   * dev}) and {@code test}, each with the suffix of a format that {@link KnowledgeGraph#read}
   * reads; or of ids, as OpenKE writes them. Any of them but {@code train} may be missing, and has
   * no facts then.
   *
   * @throws FileFormatException if a file does not hold triples, or the folder no {@code train}
   * @throws IOException if the folder or a file cannot be read
   */
  public static GraphSplits read(Path folder) throws IOException {
    return KnowledgeGraph.reader().readSplits(folder);
  }

  /** Returns the graph of the facts to train on. */
  public KnowledgeGraph train() {
    return train;
  }

  /** Returns the graph of the facts to validate by; it may have none. */
  public KnowledgeGraph validation() {
    return validation;
  }

  /** Returns the graph of the facts to test; it may have none. */
  public KnowledgeGraph test() {
    return test;
  }

  /** Returns the graph of all facts. */
  public KnowledgeGraph all() {
    return all;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GraphSplits that
        && all.equals(that.all)
        && train.equals(that.train)
        && validation.equals(that.validation)
        && test.equals(that.test);
  }

  @Override
  public int hashCode() {
    return 31 * train.hashCode() + test.hashCode();
  }

  @Override
  public String toString() {
    return "GraphSplits["
        + all.entities()
        + " entities, "
        + all.relations()
        + " relations, "
        + train.atomicFacts()
        + " facts to train on, "
        + validation.atomicFacts()
        + " to validate by, "
        + test.atomicFacts()
        + " to test]";
  }
}
