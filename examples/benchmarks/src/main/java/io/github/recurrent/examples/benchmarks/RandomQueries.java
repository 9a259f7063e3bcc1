package io.github.recurrent.examples.benchmarks;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.graph.Query;
import io.github.recurrent.random.Seed;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/** Queries of random entities and relations. */
final class RandomQueries {
  private RandomQueries() {}

  static ImmutableList<Query> of(
      int count, int fewestHops, int mostHops, int entities, int relations, Seed seed) {
    UniformRandomProvider random =
        RandomSource.XO_SHI_RO_256_PP.create(seed.child("queries").value());
    ImmutableList.Builder<Query> queries = ImmutableList.builder();
    for (int index = 0; index < count; index++) {
      queries.add(
          Query.of(
              "<e_" + random.nextInt(entities) + ">",
              random
                  .ints(random.nextInt(fewestHops, mostHops + 1), 0, relations)
                  .mapToObj(relation -> "<r_" + relation + ">")
                  .toArray(String[]::new)));
    }
    return queries.build();
  }
}
