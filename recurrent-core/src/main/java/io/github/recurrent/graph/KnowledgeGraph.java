package io.github.recurrent.graph;

import static com.google.common.base.Preconditions.checkElementIndex;

import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Entities, relations and atomic facts (head, relation, tail). A head has at most one tail by each
 * relation, so that a chain of relations from an entity has at most one answer.
 *
 * <p>Facts are numbered in the order of their heads, then of their relations. Immutable and
 * thread-safe.
 */
public final class KnowledgeGraph {
  private final String[] entityNames;
  private final String[] relationNames;

  /** The facts of head h are those from {@code firstFacts[h]} to {@code firstFacts[h + 1]}. */
  private final int[] firstFacts;

  private final int[] factRelations;
  private final int[] factTails;

  /** The arrays become the graph's; a head's facts are sorted by relation. */
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
  public static GraphBuilder builder() {
    return new GraphBuilder();
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

  /** Returns a reader of files of triples that have comments, headers, or records to be counted. */
  public static TripleReader reader() {
    return new TripleReader();
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

  /** Returns the tail of a head by a relation, if there is such a fact. */
  public OptionalInt tail(int head, int relation) {
    checkElementIndex(relation, relationNames.length, "relation");
    int first = firstFact(head);
    int found = Arrays.binarySearch(factRelations, first, first + outDegree(head), relation);
    return found < 0 ? OptionalInt.empty() : OptionalInt.of(factTails[found]);
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
}
