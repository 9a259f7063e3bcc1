package io.github.recurrent.internal.triples;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.storage.NameTable;
import io.github.recurrent.internal.text.MalformedTextException;
import io.github.recurrent.internal.text.Utf8File;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import org.eclipse.rdf4j.model.IRI;
import org.eclipse.rdf4j.model.Statement;
import org.eclipse.rdf4j.model.Value;
import org.eclipse.rdf4j.rio.RDFParseException;
import org.eclipse.rdf4j.rio.RDFParser;
import org.eclipse.rdf4j.rio.helpers.AbstractRDFHandler;
import org.eclipse.rdf4j.rio.ntriples.NTriplesParser;
import org.eclipse.rdf4j.rio.turtle.TurtleParser;
import org.jspecify.annotations.Nullable;

/** Reads the triples of RDF. Only this class names RDF4J, which need not be there. */
final class RdfTriples {
  private static final System.Logger LOG = ReaderLog.LOG;

  /** Room for a long literal, which may be left out. */
  private static final int LONGEST_STATEMENT = 16 * TripleCollector.LONGEST_NAME;

  /** An element of a list makes two, and takes a character or more. */
  private static final long STATEMENTS_PER_CHARACTER = 2;

  private final TripleSource source;
  private final TripleCollector triples;
  private final TripleChoices choices;
  private final Names entities;
  private final Names relations;
  private final NameTable blankNodes = new NameTable();

  /** What was thrown here, and not by the parser. */
  private @Nullable RuntimeException own;

  private long line = 1;
  private long statements;
  private long literals;

  private RdfTriples(TripleSource source, TripleCollector triples, TripleChoices choices) {
    this.source = source;
    this.triples = triples;
    this.choices = choices;
    this.entities = new Names(triples.entities(), choices.localNames());
    this.relations = new Names(triples.relations(), choices.localNames());
  }

  static void read(
      TripleSource source, TripleFormat format, TripleCollector triples, TripleChoices choices)
      throws IOException {
    RDFParser parser = format == TripleFormat.TURTLE ? new TurtleParser() : new NTriplesParser();
    new RdfTriples(source, triples, choices).read(parser);
  }

  private void read(RDFParser parser) throws IOException {
    parser.setParseLocationListener((parsedLine, column) -> line = Math.max(parsedLine, 1));
    try (Counted characters = new Counted(Utf8File.of(triples.file(), source));
        BoundedReader text = new BoundedReader(characters, LONGEST_STATEMENT)) {
      parser.setRDFHandler(
          new AbstractRDFHandler() {
            @Override
            public void handleStatement(Statement statement) {
              text.begin();
              try {
                add(statement);
                requireRoom(characters.read);
              } catch (RuntimeException e) {
                own = e;
                throw e;
              }
            }
          });
      // Without a base, so that names do not depend on where the file lies.
      parser.parse(text, "");
    } catch (RDFParseException e) {
      throw FileFormatException.atLine(
          triples.file(), Math.max(e.getLineNumber(), 1), "is not valid RDF: " + e.getMessage(), e);
    } catch (BoundedReader.TooLongException e) {
      throw FileFormatException.atLine(
          triples.file(),
          line,
          "a statement that begins here or later has more than "
              + LONGEST_STATEMENT
              + " characters; a quote must be closed",
          e);
    } catch (MalformedTextException e) {
      throw FileFormatException.atLine(triples.file(), e.line(), e.problem(), e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (StackOverflowError e) {
      throw FileFormatException.atLine(triples.file(), line, "nests its lists too deep", e);
    } catch (RuntimeException e) {
      if (e == own) {
        throw e;
      }
      // The parser throws several kinds, such as for an index that is out of bounds.
      throw FileFormatException.atLine(triples.file(), line, "is not valid RDF: " + e, e);
    }
    source.report(statements);
    if (literals > 0) {
      LOG.log(
          Level.INFO,
          triples.file()
              + ": "
              + literals
              + " of "
              + statements
              + " statements are left out, as their object is a literal; "
              + (choices.keepLiterals()
                  ? "it has no text"
                  : "KnowledgeGraph.reader().keepLiterals() keeps them"));
    }
  }

  private void add(Statement statement) {
    source.read(++statements);
    Value object = statement.getObject();
    if (object.isLiteral()
        && (!choices.keepLiterals() || LookAlikes.isBlank(object.stringValue()))) {
      literals++;
      return;
    }
    try {
      int head = number(entities, statement.getSubject());
      int relation = number(relations, statement.getPredicate());
      triples.add(line, head, relation, number(entities, object));
    } catch (IllegalArgumentException e) {
      throw new UncheckedIOException(
          FileFormatException.atLine(triples.file(), line, String.valueOf(e.getMessage()), e));
    }
  }

  /** At the end of a file that breaks off in a list, the parser finds empty elements for ever. */
  private void requireRoom(long characters) {
    if (statements > STATEMENTS_PER_CHARACTER * (characters + 1)) {
      throw new UncheckedIOException(
          FileFormatException.atLine(
              triples.file(), line, "is not valid RDF: a list in parentheses has no end"));
    }
  }

  private int number(Names names, Value value) {
    if (value.isBNode()) {
      String node = "_:" + blankNodes.add(value.stringValue());
      return names.number(node, node);
    }
    String full = value.stringValue();
    if (full.length() > TripleCollector.LONGEST_NAME) {
      throw new IllegalArgumentException(
          "a name has "
              + full.length()
              + " characters, but at most "
              + TripleCollector.LONGEST_NAME
              + " can be");
    }
    if (choices.localNames() && value instanceof IRI iri && !iri.getLocalName().isBlank()) {
      return names.number(full, iri.getLocalName());
    }
    return names.number(full, full);
  }

  /** Characters, and how many of them were read. */
  private static final class Counted extends FilterReader {
    private long read;

    Counted(Reader text) {
      super(text);
    }

    @Override
    public int read() throws IOException {
      int character = super.read();
      read += character >= 0 ? 1 : 0;
      return character;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      read += Math.max(count, 0);
      return count;
    }
  }

  /** The names of a graph, and what they are short for. */
  private static final class Names {
    private final NameTable graphs;
    private final boolean shortened;
    private final NameTable full;

    Names(NameTable graphs, boolean shortened) {
      this.graphs = graphs;
      this.shortened = shortened;
      this.full = shortened ? new NameTable() : graphs;
    }

    /**
     * @throws IllegalArgumentException if the name stands for something else already
     */
    int number(String fullName, String name) {
      int number = full.add(fullName);
      if (shortened && graphs.add(name) != number) {
        throw new IllegalArgumentException(
            "the local name \""
                + name
                + "\" of "
                + fullName
                + " is that of another; read the file with whole IRIs");
      }
      return number;
    }
  }
}
