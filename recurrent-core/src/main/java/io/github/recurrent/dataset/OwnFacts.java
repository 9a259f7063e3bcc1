package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.graph.Query;
import io.github.recurrent.internal.text.TokenNames;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Facts from queries and the names of their answers. */
final class OwnFacts {
  private OwnFacts() {}

  /**
   * @param answers the names or tokens of the answers to each query, the fact's own first
   */
  static Facts of(List<Query> queries, List<? extends Set<String>> answers, Vocabulary vocabulary) {
    checkArgument(!queries.isEmpty(), "facts need at least one query");
    checkArgument(
        queries.size() == answers.size(),
        "every query needs its answers, but there are %s queries and %s answers",
        queries.size(),
        answers.size());
    int hops = queries.get(0).hops();
    FactsBuilder facts = new FactsBuilder(vocabulary, hops);
    AnswerSets.Builder sets = new AnswerSets.Builder();
    for (int index = 0; index < queries.size(); index++) {
      Query query = queries.get(index);
      Set<String> names = answers.get(index);
      checkArgument(
          query.hops() == hops,
          "query %s, %s, has %s hops, but those before have %s; facts are of one number of hops,"
              + " and a Split holds those of several",
          index,
          query,
          query.hops(),
          hops);
      checkArgument(!names.isEmpty(), "query %s, %s, has no answer", index, query);
      String place = "query " + index + ", " + query + ": ";
      int[] queryIds = named(place, () -> vocabulary.encode(query));
      int[] ids =
          named(place, () -> names.stream().mapToInt(name -> answerId(vocabulary, name)).toArray());
      facts.add(queryIds, ids[0]);
      sets.add(ImmutableIntArray.copyOf(Arrays.stream(ids).sorted().distinct()));
    }
    return facts.build().withAnswers(sets.build());
  }

  private static <T> T named(String place, Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + e.getMessage(), e);
    }
  }

  /** A name may look like the token of another entity, so that it is tried first. */
  private static int answerId(Vocabulary vocabulary, String answer) {
    String token = TokenNames.entity(answer);
    if (vocabulary.contains(token)) {
      return vocabulary.id(token);
    }
    return vocabulary.id(TokenNames.isEntity(answer) ? answer : token);
  }
}
