package io.github.recurrent.internal.triples;

import java.io.IOException;

/** Reads RDF by a library that programs add if they need it. */
final class RdfFile {
  private RdfFile() {}

  /**
   * @throws IllegalStateException if the library is not there
   */
  static void read(
      TripleSource source, TripleFormat format, TripleCollector triples, TripleChoices choices)
      throws IOException {
    try {
      RdfTriples.read(source, format, triples, choices);
    } catch (NoClassDefFoundError e) {
      String artifact = format == TripleFormat.TURTLE ? "rdf4j-rio-turtle" : "rdf4j-rio-ntriples";
      throw new IllegalStateException(
          triples.file()
              + " is RDF, which RDF4J reads: add org.eclipse.rdf4j:"
              + artifact
              + " to the class path; "
              + e.getMessage()
              + " is missing",
          e);
    }
  }
}
