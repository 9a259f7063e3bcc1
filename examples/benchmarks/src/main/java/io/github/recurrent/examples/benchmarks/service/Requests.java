package io.github.recurrent.examples.benchmarks.service;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.Query;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Halting;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/** Queries of 1 to 20 hops, and the bodies of requests for them. */
final class Requests {
  static final String INFER = "/v2/models/recurrent/infer";

  private static final double KL = 0.01;
  private static final double ENTROPY = 1.57;
  private static final int AT_MOST = 40;

  /** The rule that all bodies ask for: the paper's thresholds, for 16 entities. */
  static final Halting HALTING = Halting.klAndEntropy(KL, ENTROPY).atMost(AT_MOST);

  private static final String PARAMETERS =
      String.format(
          Locale.ROOT, "{\"kl\": %s, \"entropy\": %s, \"at_most\": %d}", KL, ENTROPY, AT_MOST);

  private static final int MOST_HOPS = 20;

  private Requests() {}

  /** Returns random queries of the entities and relations of a model. */
  static ImmutableList<Query> queries(Vocabulary vocabulary, int count, Seed seed) {
    UniformRandomProvider random =
        RandomSource.XO_SHI_RO_256_PP.create(seed.child("queries").value());
    List<String> entities =
        vocabulary.tokens().stream()
            .filter(token -> vocabulary.isEntity(vocabulary.id(token)))
            .toList();
    List<String> relations =
        vocabulary.tokens().stream()
            .filter(token -> vocabulary.isRelation(vocabulary.id(token)))
            .toList();
    return IntStream.range(0, count)
        .mapToObj(
            index ->
                Query.of(
                    entities.get(random.nextInt(entities.size())),
                    random
                        .ints(random.nextInt(1, MOST_HOPS + 1), 0, relations.size())
                        .mapToObj(relations::get)
                        .toList()))
        .collect(toImmutableList());
  }

  /** Returns a body for every query, with its number as id and its text as input. */
  static ImmutableList<String> texts(List<Query> queries) {
    return IntStream.range(0, queries.size())
        .mapToObj(index -> body(index, "query", "[1]", "BYTES", "[\"" + queries.get(index) + "\"]"))
        .collect(toImmutableList());
  }

  /** Returns a body for so many queries each, as ids. */
  static ImmutableList<String> ids(Vocabulary vocabulary, List<Query> queries, int rows) {
    List<List<Query>> batches = Lists.partition(queries, rows);
    return IntStream.range(0, batches.size())
        .mapToObj(index -> ids(vocabulary, index, batches.get(index)))
        .collect(toImmutableList());
  }

  private static String ids(Vocabulary vocabulary, int index, List<Query> queries) {
    int length = queries.stream().mapToInt(query -> query.hops() + 1).max().orElseThrow();
    String data =
        queries.stream()
            .map(query -> Arrays.copyOf(ids(vocabulary, query), length))
            .flatMapToInt(Arrays::stream)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(",", "[", "]"));
    return body(index, "input_ids", "[" + queries.size() + "," + length + "]", "INT64", data);
  }

  private static int[] ids(Vocabulary vocabulary, Query query) {
    return IntStream.concat(
            IntStream.of(vocabulary.id(query.head())),
            query.relations().stream().mapToInt(vocabulary::id))
        .toArray();
  }

  private static String body(int id, String name, String shape, String type, String data) {
    return String.format(
        Locale.ROOT,
        "{\"id\": \"%d\", \"parameters\": %s, \"inputs\": [{\"name\": \"%s\", \"shape\": %s,"
            + " \"datatype\": \"%s\", \"data\": %s}]}",
        id,
        PARAMETERS,
        name,
        shape,
        type,
        data);
  }
}
