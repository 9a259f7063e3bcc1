package io.github.recurrent.graph;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Entities, relations and atomic facts (head, relation, tail). A head may have several tails by a
 * relation, so that a chain of relations from an entity ends at a set of entities.
 *
 * <p>Facts are numbered in the order of their heads, then of their relations, then of their tails.
 * Immutable and thread-safe.
 */
public final class KnowledgeGraph {
  private final String[] entityNames;
  private final String[] relationNames;

  /** The facts of head h are those from {@code firstFacts[h]} to {@code firstFacts[h + 1]}. */
  private final int[] firstFacts;

  private final int[] factRelations;
  private final int[] factTails;

  /** The arrays become the graph's; a head's facts are sorted by relation, then by tail. */
  KnowledgeGraph(
      String[] entityNames,
      String[] relationNames,
      int[] firstFacts,
      int[] factRelations,
      int[] factTails) {
    this.entityNames = entityNames;
    this.relationNames = relationNames;
    this.firstFacts = firstFacts;
    this.factRelations = factRelations;
    this.factTails = factTails;
  }

  /** Returns a builder of a random graph; the numbers of entities and relations must be given. */
  public static Builder builder() {
    return new Builder(ImmutableRandomGraph.builder().build());
  }

  /**
   * Reads the graph of a UTF-8 file of triples, one a line: head, relation and tail, separated by
   * tabs in a {@code .tsv} file and by commas in a {@code .csv} file (RFC 4180). Entities and
   * relations are numbered in the order in which they first appear; a triple that is repeated
   * counts once. {@link #reader} offers more.
   *
   * @throws FileFormatException if a line is not UTF-8 or not a triple, a name is empty or stands
   *     in angle brackets, or two triples give a head two tails by the same relation
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if the file's name ends in neither {@code .tsv} nor {@code
   *     .csv}
   */
  public static KnowledgeGraph read(Path file) throws IOException {
    return reader().read(file);
  }

  /**
   * Returns the graph of triples, all of which are kept; a triple that is repeated counts once.
   * Entities and relations are numbered in the order in which they first appear.
   */
  public static KnowledgeGraph of(Iterable<Triple> triples) {
    return NamedTriples.graph(triples);
  }

  /** Returns the graph of triples, as the other method does; the stream is closed. */
  public static KnowledgeGraph of(Stream<Triple> triples) {
    try (triples) {
      return of(triples.toList());
    }
  }

  /** Returns a reader of files of triples that have comments, headers, or records to be counted. */
  public static Reader reader() {
    return new Reader(
        Optional.empty(),
        Optional.empty(),
        RecordChecks.of(RecordChecks.Policy.COUNT, RecordChecks.Policy.REFUSE));
  }

  /** Returns the number of entities. */
  public int entities() {
    return entityNames.length;
  }

  /** Returns the number of relations. */
  public int relations() {
    return relationNames.length;
  }

  /** Returns the number of atomic facts. */
  public int atomicFacts() {
    return factTails.length;
  }

  /** Returns whether a head has several tails by a relation. */
  public boolean isAmbiguous() {
    for (int head = 0; head < entityNames.length; head++) {
      for (int fact = firstFacts[head] + 1; fact < firstFacts[head + 1]; fact++) {
        if (factRelations[fact] == factRelations[fact - 1]) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns the name of an entity; generated graphs number them from 0. */
  public String entityName(int entity) {
    return entityNames[checkElementIndex(entity, entityNames.length, "entity")];
  }

  /** Returns the name of a relation; generated graphs number them from 0. */
  public String relationName(int relation) {
    return relationNames[checkElementIndex(relation, relationNames.length, "relation")];
  }

  /** Returns the number of the first fact of a head; its facts follow one another. */
  public int firstFact(int head) {
    return firstFacts[checkElementIndex(head, entityNames.length, "head")];
  }

  /** Returns the number of facts of a head. */
  public int outDegree(int head) {
    return firstFacts[checkElementIndex(head, entityNames.length, "head") + 1] - firstFacts[head];
  }

  /** Returns the head of a fact. */
  public int head(int fact) {
    checkElementIndex(fact, factTails.length, "fact");
    // The last head whose facts begin at or before it: heads without facts share their first fact
    // with the next that has some.
    int head = 0;
    int beyond = entityNames.length;
    while (beyond - head > 1) {
      int middle = (head + beyond) >>> 1;
      if (firstFacts[middle] <= fact) {
        head = middle;
      } else {
        beyond = middle;
      }
    }
    return head;
  }

  /** Returns the relation of a fact. */
  public int relation(int fact) {
    return factRelations[checkElementIndex(fact, factTails.length, "fact")];
  }

  /** Returns the tail of a fact. */
  public int tail(int fact) {
    return factTails[checkElementIndex(fact, factTails.length, "fact")];
  }

  /**
   * Returns the entities at which a chain of relations from a head ends: for one relation its
   * tails.
   *
   * @return the entities in ascending order; empty if the chain leads nowhere
   */
  public ImmutableIntArray tails(int head, int... relations) {
    checkElementIndex(head, entityNames.length, "head");
    for (int relation : relations) {
      checkElementIndex(relation, relationNames.length, "relation");
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
    int fact = firstFacts[head];
    int beyond = firstFacts[head + 1];
    while (fact < beyond) {
      int middle = (fact + beyond) >>> 1;
      if (factRelations[middle] < relation) {
        fact = middle + 1;
      } else {
        beyond = middle;
      }
    }
    return fact;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KnowledgeGraph that
        && Arrays.equals(entityNames, that.entityNames)
        && Arrays.equals(relationNames, that.relationNames)
        && Arrays.equals(firstFacts, that.firstFacts)
        && Arrays.equals(factRelations, that.factRelations)
        && Arrays.equals(factTails, that.factTails);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(factRelations) + Arrays.hashCode(factTails);
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
   * Reads graphs from files of triples, one per line: head, relation and tail, separated by tabs in
   * a {@code .tsv} file, where quotes are part of a name, and by commas in a {@code .csv} file (RFC
   * 4180). Files are UTF-8, with or without a byte order mark.
   *
   * <p>Blank lines and blank fields behind the third are left out, and so is white space around
   * names. Entities and relations are numbered in the order in which they first appear. Names that
   * look the same but are not, by invisible characters or by another Unicode normalization, are
   * kept apart and logged as a warning. Immutable, and thread-safe if the listener of its checks
   * is; each method but the last returns a changed one.
   */
  @CheckReturnValue
  public static final class Reader {
    private final Optional<Boolean> header;
    private final Optional<Character> comments;
    private final RecordChecks checks;

    private Reader(Optional<Boolean> header, Optional<Character> comments, RecordChecks checks) {
      this.header = header;
      this.comments = comments;
      this.checks = checks;
    }

    /**
     * Says whether the first line is a header and not a triple. Unless said, it is one if it names
     * the three columns, such as {@code head, relation, tail} or {@code subject, predicate,
     * object}. A header that names the columns so may have them in any order.
     */
    public Reader header(boolean present) {
      return new Reader(Optional.of(present), comments, checks);
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
      return new Reader(header, Optional.of(marker), checks);
    }

    /**
     * Says what to do with triples that repeat an earlier one, and with those that give a head
     * another tail by the same relation. Unless said, the former are counted and the latter
     * refused. Where both are counted, the first triple of a head and a relation is the one that
     * stays.
     */
    public Reader checks(RecordChecks records) {
      return new Reader(header, comments, records);
    }

    /**
     * Reads a file.
     *
     * @throws FileFormatException if a line is not UTF-8 or not a triple, a name is empty or stands
     *     in angle brackets, or there are triples that the checks refuse
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if the file's name ends in neither {@code .tsv} nor {@code
     *     .csv}
     */
    public KnowledgeGraph read(Path file) throws IOException {
      return TripleFile.read(file, header, comments, checks);
    }
  }
}
