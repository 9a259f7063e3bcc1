package io.github.recurrent.internal.triples;

/** Where readers tell what they noticed: the log of the class that a program asks to read. */
final class ReaderLog {
  static final System.Logger LOG = System.getLogger("io.github.recurrent.graph.KnowledgeGraph");

  private ReaderLog() {}
}
