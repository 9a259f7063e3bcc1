package io.github.recurrent.graph;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.storage.NameTable;
import io.github.recurrent.internal.storage.NearestNames;
import io.github.recurrent.internal.storage.SortedFacts;
import io.github.recurrent.internal.text.TokenText;
import io.github.recurrent.internal.triples.ImmutableTripleChoices;
import io.github.recurrent.internal.triples.TripleChoices;
import io.github.recurrent.internal.triples.TripleColumns;
import io.github.recurrent.internal.triples.TripleWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Entities, relations and atomic facts (head, relation, tail). A head may have several tails by a
 * relation, so that a chain of relations from an entity ends at a set of entities.
 *
 * <p>Facts are numbered in the order of their heads, then of their relations, then of their tails.
 * Immutable and thread-safe.
 */
public final class KnowledgeGraph {
  private final NameTable entities;
  private final NameTable relations;
  private final SortedFacts facts;

  /** The tables become the graph's. */
  KnowledgeGraph(NameTable entities, NameTable relations, SortedFacts facts) {
    this.entities = entities;
    this.relations = relations;
    this.facts = facts;
  }

  /** Returns a builder of a random graph; the numbers of entities and relations must be given. */
  public static Builder builder() {
    return new Builder(ImmutableRandomGraph.builder().build());
  }

  /**
   * Returns the graph of triples, of which those that are repeated count once. Entities and
   * relations are numbered in the order in which they first appear.
   *
   * @throws IllegalArgumentException if there is no triple, or a name has no text
   */
  public static KnowledgeGraph of(Iterable<Triple> triples) {
    return of(triples, Ambiguity.keepAll());
  }

  /**
   * Returns the graph of triples, as {@link #of(Iterable)} does, with a policy for heads that have
   * several tails by a relation. All entities and relations stay in the graph.
   *
   * @throws IllegalArgumentException if there is no triple, a name has no text, or the policy
   *     refuses the triples or leaves no fact
   */
  public static KnowledgeGraph of(Iterable<Triple> triples, Ambiguity ambiguity) {
    return GraphFile.of(triples.iterator(), ambiguity);
  }

  /**
   * Returns the graph of triples in the order of a stream, which is closed.
   *
   * @throws IllegalArgumentException if there is no triple, or a name has no text
   */
  public static KnowledgeGraph of(Stream<Triple> triples) {
    return of(triples, Ambiguity.keepAll());
  }

  /**
   * Returns the graph of triples in the order of a stream, which is closed, with a policy for heads
   * that have several tails by a relation.
   *
   * @throws IllegalArgumentException if there is no triple, a name has no text, or the policy
   *     refuses the triples or leaves no fact
   */
  public static KnowledgeGraph of(Stream<Triple> triples, Ambiguity ambiguity) {
    try (triples) {
      return GraphFile.of(triples.iterator(), ambiguity);
    }
  }

  /**
   * Reads the graph of a file of triples. Its name says its format: {@code .tsv} and {@code .txt}
   * have tabs between head, relation and tail, {@code .csv} has commas (RFC 4180), {@code .nt} is
   * N-Triples and {@code .ttl} is Turtle; each may be compressed, such as {@code .tsv.gz}. Entities
   * and relations are numbered in the order in which they first appear; a triple that is repeated
   * counts once. {@link #reader} offers more.
   *
   * @throws FileFormatException if a line is not UTF-8 or not a triple, or a name is empty or
   *     stands in angle brackets
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if the file's name says no format
   */
  public static KnowledgeGraph read(Path file) throws IOException {
    return reader().read(file);
  }

  /**
   * Reads a folder of triples: {@code train}, {@code valid} (also {@code validation} or {@code
   * dev}) and {@code test}, each with the suffix of a format that {@link #read} reads; or of ids,
   * as OpenKE writes them. Any of them but {@code train} may be missing, and has no facts then.
   *
   * @throws FileFormatException if a file does not hold triples, or the folder no {@code train}
   * @throws IOException if the folder or a file cannot be read
   */
  public static Splits readSplits(Path folder) throws IOException {
    return reader().readSplits(folder);
  }

  /** Returns a reader of files of triples, which can be told how they are written. */
  public static Reader reader() {
    return new Reader(ImmutableReadChoices.builder().build());
  }

  /** Returns the number of entities. */
  public int entities() {
    return entities.size();
  }

  /** Returns the number of relations. */
  public int relations() {
    return relations.size();
  }

  /** Returns the number of atomic facts. */
  public int atomicFacts() {
    return facts.size();
  }

  /** Returns whether a head has several tails by a relation. */
  public boolean isAmbiguous() {
    return ambiguousFacts(1) > 0;
  }

  /** Returns the number of facts that give a head another tail by a relation than its first. */
  long ambiguousFacts() {
    return ambiguousFacts(Long.MAX_VALUE);
  }

  private long ambiguousFacts(long most) {
    long found = 0;
    for (int head = 0; head < entities.size() && found < most; head++) {
      int end = facts.first(head + 1);
      for (int fact = facts.first(head) + 1; fact < end; fact++) {
        found += facts.relation(fact) == facts.relation(fact - 1) ? 1 : 0;
      }
    }
    return found;
  }

  /**
   * Returns the graph with the facts that a policy keeps, and all entities and relations.
   *
   * @throws IllegalArgumentException if the policy refuses this graph or leaves no fact
   */
  public KnowledgeGraph resolve(Ambiguity ambiguity) {
    KnowledgeGraph resolved = ambiguity.resolved(this);
    checkArgument(resolved.atomicFacts() > 0, Ambiguity.NOTHING_LEFT);
    return resolved;
  }

  /**
   * Returns the graph with a relation {@code ~name} more for each relation, whose facts lead from
   * its tails to its heads.
   *
   * @throws IllegalArgumentException if a relation's name begins with {@code ~}, or there are more
   *     facts than an array holds
   */
  public KnowledgeGraph withInverses() {
    return Inverses.added(this);
  }

  /**
   * Returns the part of the graph that can be reached from some entities, breadth first: a graph
   * that is too large to train on is sampled so. Entities and relations keep their names, and are
   * numbered anew in their order; those that are not reached are left out.
   *
   * @param seeds the entities to begin at; {@link #entity} gives the number of a name
   * @param hops the most facts from a seed to another entity, at least 1
   * @param maxFacts the most facts; the nearest come first, and those of an entity in their order
   * @throws IllegalArgumentException if there is no seed, or {@code hops} or {@code maxFacts} is
   *     not at least 1
   */
  public KnowledgeGraph subgraph(ImmutableIntArray seeds, int hops, int maxFacts) {
    checkArgument(!seeds.isEmpty(), "a subgraph needs at least one entity to begin at");
    checkArgument(hops >= 1, "hops must be at least 1, but are %s", hops);
    checkArgument(maxFacts >= 1, "maxFacts must be at least 1, but is %s", maxFacts);
    seeds.forEach(seed -> checkElementIndex(seed, entities.size(), "seed"));
    return Subgraph.of(this, seeds, hops, maxFacts);
  }

  /**
   * Writes the facts as a file of triples, one a line, that {@link #read} reads. Entities are
   * numbered in the order of their lines when it is read, and those of no fact are left out. The
   * file changes from one complete state to the next.
   *
   * @throws IllegalArgumentException if the file's name does not end in {@code .tsv} or {@code
   *     .tsv.gz}, or a name cannot be written so that it is read, such as one with a tab in it
   * @throws IOException if the file cannot be written; one that was there stays then
   */
  public void write(Path file) throws IOException {
    TripleWriter.write(file, entities, relations, facts);
  }

  /** Returns the graph of some of the facts. */
  KnowledgeGraph kept(BitSet wanted) {
    return new KnowledgeGraph(entities, relations, facts.kept(wanted, relations.size()));
  }

  /** Returns the name of an entity; generated graphs number them from 0. */
  public String entityName(int entity) {
    return entities.name(checkElementIndex(entity, entities.size(), "entity"));
  }

  /** Returns the name of a relation; generated graphs number them from 0. */
  public String relationName(int relation) {
    return relations.name(checkElementIndex(relation, relations.size(), "relation"));
  }

  /**
   * Returns the number of the entity with a name.
   *
   * @throws IllegalArgumentException if the graph has none; the message names those nearest to it
   */
  public int entity(String name) {
    int entity = entities.find(name);
    if (entity < 0) {
      throw unknown("entity", name, entities);
    }
    return entity;
  }

  /**
   * Returns the number of the relation with a name.
   *
   * @throws IllegalArgumentException if the graph has none; the message names those nearest to it
   */
  public int relation(String name) {
    int relation = relations.find(name);
    if (relation < 0) {
      throw unknown("relation", name, relations);
    }
    return relation;
  }

  /** Returns the exception for a name that does not exist, which says what does. */
  private static IllegalArgumentException unknown(String kind, String name, NameTable names) {
    return new IllegalArgumentException(
        "the graph has no "
            + kind
            + " "
            + TokenText.shown(name)
            + "; the nearest are "
            + NearestNames.of(name, names).stream()
                .map(near -> '"' + near + '"')
                .collect(Collectors.joining(", ")));
  }

  /** Returns the number of the first fact of a head; its facts follow one another. */
  public int firstFact(int head) {
    return facts.first(checkElementIndex(head, entities.size(), "head"));
  }

  /** Returns the number of facts of a head. */
  public int outDegree(int head) {
    checkElementIndex(head, entities.size(), "head");
    return facts.first(head + 1) - facts.first(head);
  }

  /** Returns the head of a fact. */
  public int head(int fact) {
    return facts.head(checkElementIndex(fact, facts.size(), "fact"));
  }

  /** Returns the relation of a fact. */
  public int relation(int fact) {
    return facts.relation(checkElementIndex(fact, facts.size(), "fact"));
  }

  /** Returns the tail of a fact. */
  public int tail(int fact) {
    return facts.tail(checkElementIndex(fact, facts.size(), "fact"));
  }

  /**
   * Returns the entities at which a chain of relations from a head ends: for one relation its
   * tails.
   *
   * @return the entities in ascending order; empty if the chain leads nowhere
   */
  public ImmutableIntArray tails(int head, int... relations) {
    checkElementIndex(head, entities.size(), "head");
    for (int relation : relations) {
      checkElementIndex(relation, this.relations.size(), "relation");
    }
    return new Chains(this).ends(head, relations);
  }

  /**
   * Returns the names of all entities at which the chain of a query ends, in the order in which the
   * graph numbers them; none if it leads nowhere.
   *
   * @throws IllegalArgumentException if the graph lacks the query's head or a relation; the message
   *     lists the nearest names
   */
  public ImmutableSet<String> answers(Query query) {
    return new Questions(this).answers(query);
  }

  /**
   * Returns the ways along the chain of a query, or where it breaks off.
   *
   * @param most the greatest number of ways to return
   * @throws IllegalArgumentException if {@code most < 1}, or the graph lacks the query's head or a
   *     relation; the message lists the nearest names
   */
  public Explanation explain(Query query, int most) {
    checkArgument(most >= 1, "most must be at least 1 way, but is %s", most);
    return new Questions(this).explain(query, most);
  }

  /** Returns the number of a head's first fact by this relation or a later one. */
  int firstFact(int head, int relation) {
    return facts.first(head, relation);
  }

  SortedFacts facts() {
    return facts;
  }

  NameTable entityNames() {
    return entities;
  }

  NameTable relationNames() {
    return relations;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KnowledgeGraph that
        && entities.equals(that.entities)
        && relations.equals(that.relations)
        && facts.equals(that.facts);
  }

  @Override
  public int hashCode() {
    return facts.hashCode();
  }

  @Override
  public String toString() {
    return "KnowledgeGraph["
        + entities()
        + " entities, "
        + relations()
        + " relations, "
        + atomicFacts()
        + " atomic facts]";
  }

  /**
   * Describes a random graph, in which each entity is the head of as many facts as the out-degree
   * says, each by another relation. Immutable and thread-safe; each method returns a changed one.
   */
  @CheckReturnValue
  public static final class Builder {
    private final ImmutableRandomGraph choices;

    private Builder(RandomGraph choices) {
      this.choices = ImmutableRandomGraph.copyOf(choices);
    }

    /**
     * Sets the number of entities.
     *
     * @throws IllegalArgumentException if it is not at least 1
     */
    public Builder entities(int count) {
      return new Builder(choices.withEntities(count));
    }

    /**
     * Sets the number of relations.
     *
     * @throws IllegalArgumentException if it is not at least 1
     */
    public Builder relations(int count) {
      return new Builder(choices.withRelations(count));
    }

    /**
     * Sets the number of facts of each head, at most the number of relations, which is the default.
     *
     * @throws IllegalArgumentException if it is not at least 1
     */
    public Builder outDegree(int facts) {
      return new Builder(choices.withOutDegree(facts));
    }

    /**
     * Makes each relation a random permutation of the entities, so that no two heads share a tail;
     * the default, and the paper's choice for depth extrapolation.
     */
    public Builder permutations() {
      return new Builder(choices.withPermutations(true));
    }

    /**
     * Draws each tail uniformly, so that relations are many-to-one: the paper's choice for two-hop
     * composition. Long chains then have a short cut, since their last few relations decide the
     * answer (paper app. B and K).
     */
    public Builder randomTails() {
      return new Builder(choices.withPermutations(false));
    }

    /** Sets the root seed; 42 by default. */
    public Builder seed(long root) {
      return new Builder(choices.withSeed(root));
    }

    /**
     * Draws the graph.
     *
     * @throws IllegalStateException if the number of entities or of relations was not given
     * @throws IllegalArgumentException if the out-degree is above the number of relations, or there
     *     are more facts than an array holds
     */
    public KnowledgeGraph build() {
      return choices.draw();
    }
  }

  /**
   * Reads graphs from files of triples.
   *
   * <p>In text, each line is a triple: head, relation and tail, separated by tabs in {@code .tsv}
   * and {@code .txt} files, where quotes are part of a name, and by commas in {@code .csv} files
   * (RFC 4180). Files are UTF-8, with or without a byte order mark. Blank lines and blank fields
   * behind the third are left out, and so is white space around names.
   *
   * <p>{@code .nt} files are N-Triples and {@code .ttl} files Turtle, which RDF4J reads: a program
   * that reads them adds {@code org.eclipse.rdf4j:rdf4j-rio-ntriples} or {@code rdf4j-rio-turtle}.
   * Names are IRIs; blank nodes become {@code _:0}, {@code _:1} and so on, in the order in which
   * they appear.
   *
   * <p>A file of ids, {@code train2id.txt}, {@code valid2id.txt} or {@code test2id.txt} beside
   * {@code entity2id.txt} and {@code relation2id.txt}, is read as OpenKE writes it.
   *
   * <p>Entities and relations are numbered in the order in which they first appear. Names that look
   * the same but are not, by invisible characters or by another Unicode normalization, are kept
   * apart and logged as a warning. Immutable, and thread-safe if its listeners are; each method but
   * the last returns a changed one.
   */
  @CheckReturnValue
  public static final class Reader {
    private final ImmutableReadChoices choices;

    private Reader(ImmutableReadChoices choices) {
      this.choices = choices;
    }

    private ImmutableTripleChoices triples() {
      return ImmutableTripleChoices.copyOf(choices.triples());
    }

    private Reader with(TripleChoices triples) {
      return new Reader(choices.withTriples(triples));
    }

    /**
     * Says whether the first line of a text is a header and not a triple. Unless said, it is one if
     * it names the three columns, such as {@code head, relation, tail} or {@code subject,
     * predicate, object}. A header that names the columns so may have them in any order.
     */
    public Reader header(boolean present) {
      return with(triples().withHeader(present));
    }

    /**
     * Leaves out lines that begin with a character, such as {@code #}; unless said, none is a
     * comment, as names may begin with any character.
     *
     * @throws IllegalArgumentException if the character is white space, a comma or a quote
     */
    public Reader comments(char marker) {
      checkArgument(
          !Character.isWhitespace(marker) && marker != ',' && marker != '"',
          "a comment cannot begin with '%s', which has another meaning in a file of triples",
          marker);
      return with(triples().withComments(marker));
    }

    /**
     * Sets what is between the names of a text, instead of what the file's name says.
     *
     * @throws IllegalArgumentException if the character is not ASCII, or is a quote or a line break
     */
    public Reader separator(char character) {
      checkArgument(
          character < 0x80 && character != '"' && character != '\n' && character != '\r',
          "a separator must be an ASCII character other than a quote or a line break, but is '%s'",
          character);
      return with(triples().withSeparator(character));
    }

    /**
     * Reads the columns of a text as head, tail and relation, unless its header names them; without
     * this they are head, relation and tail.
     */
    public Reader headTailRelation() {
      return with(triples().withColumns(TripleColumns.HEAD_TAIL_RELATION));
    }

    /**
     * Sets what to do with heads that have several tails by a relation; unless said, all are kept.
     */
    public Reader ambiguity(Ambiguity policy) {
      return new Reader(choices.withAmbiguity(policy));
    }

    /**
     * Says what to do with triples that repeat an earlier one, and with those that give a head
     * another tail by the same relation. Unless said, the former are counted in a warning, and the
     * latter are what {@link #ambiguity} says. Where checks refuse contradictory triples, they are
     * refused whatever that is; where checks count them, its policy decides which stay.
     */
    public Reader checks(RecordChecks records) {
      return new Reader(choices.withChecks(records));
    }

    /**
     * Sets a listener that is told, about once a second and at the end of each file, how much is
     * read.
     */
    public Reader progress(Consumer<Progress> listener) {
      return with(
          triples()
              .withProgress(
                  (file, lines, bytes, size) ->
                      listener.accept(new Progress(file, lines, bytes, size))));
    }

    /**
     * Keeps the triples of RDF whose object is a literal, whose text becomes an entity's name. They
     * are left out and counted in the log otherwise.
     */
    public Reader keepLiterals() {
      return with(triples().withKeepLiterals(true));
    }

    /**
     * Names what RDF names by an IRI by its local name, which is what follows the last {@code #},
     * {@code /} or {@code :} in it. A file in which two IRIs have the same local name is refused.
     */
    public Reader localNames() {
      return with(triples().withLocalNames(true));
    }

    /**
     * Reads a file.
     *
     * @throws FileFormatException if a line is not UTF-8 or not a triple, a name is empty or stands
     *     in angle brackets, or there are triples that the checks or the policy refuse
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if the file's name says no format
     * @throws IllegalStateException if the file is RDF, and RDF4J is not on the class path
     */
    public KnowledgeGraph read(Path file) throws IOException {
      return GraphFile.read(file, choices);
    }

    /**
     * Reads a folder of files to train on, to validate by and to test, as {@link
     * KnowledgeGraph#readSplits} says. The policy for ambiguity is about all facts together, and
     * each part has those that are kept of its own. Checks are about each file.
     *
     * @throws FileFormatException if a file does not hold triples, the folder has none to train on,
     *     or there are triples that the checks or the policy refuse
     * @throws IOException if the folder or a file cannot be read
     */
    public Splits readSplits(Path folder) throws IOException {
      return SplitFolder.read(folder, choices);
    }

    /**
     * How much of a file of triples is read.
     *
     * @param file the file
     * @param lines the number of lines that are read, or of statements in RDF
     * @param bytes the number of bytes that are read, compressed ones in a {@code .gz} file
     * @param size the number of bytes of the file
     */
    public record Progress(Path file, long lines, long bytes, long size) {}
  }

  /**
   * A graph whose facts are split into those to train on, to validate by and to test, as published
   * graphs are. All four graphs number entities and relations the same. Immutable and thread-safe.
   */
  public static final class Splits {
    private final KnowledgeGraph all;
    private final KnowledgeGraph train;
    private final KnowledgeGraph validation;
    private final KnowledgeGraph test;

    /** The graphs share their tables of names. */
    Splits(
        KnowledgeGraph all, KnowledgeGraph train, KnowledgeGraph validation, KnowledgeGraph test) {
      this.all = all;
      this.train = train;
      this.validation = validation;
      this.test = test;
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
      return other instanceof Splits that
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
      return "Splits["
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
}
