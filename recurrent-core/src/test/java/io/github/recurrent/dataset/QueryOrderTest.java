package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Ints;
import io.github.recurrent.random.Seed;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of queries whose keys hardly tell them apart, if at all. */
class QueryOrderTest {
  private static final QueryKeys KEYS = new QueryKeys(Seed.of(5));
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private static long key(int... query) {
    return KEYS.key(query, 0, query.length);
  }

  /**
   * Finds two queries whose keys differ in some bits alone. A key is a bijection of the head's key,
   * whose lower 31 bits the relation can change: of some 100,000 heads, two have what is wanted of
   * the other bits.
   */
  private static int[][] pair(long differentBits) {
    Map<Long, Integer> heads = new HashMap<>();
    for (int head = 0; ; head++) {
      long wanted = headKey(key(head, 0) ^ differentBits);
      Integer other = heads.get(wanted >>> 31);
      if (other != null) {
        return new int[][] {{head, 0}, {other, (int) (key(other) ^ wanted)}};
      }
      heads.put(key(head) >>> 31, head);
    }
  }

  /** Returns the key of a head that has the key by relation 0: the steps of a key, undone. */
  private static long headKey(long key) {
    long before = key ^ key >>> 31 ^ key >>> 62;
    before *= inverse(0x94D049BB133111EBL);
    before ^= before >>> 27 ^ before >>> 54;
    before *= inverse(0xBF58476D1CE4E5B9L);
    before ^= before >>> 30 ^ before >>> 60;
    return before - GOLDEN;
  }

  private static long inverse(long odd) {
    long inverse = odd;
    for (int round = 0; round < 5; round++) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }

  private static int[] sorted(int[]... queries) {
    DistinctQueries distinct = new DistinctQueries(2, KEYS, queries.length);
    for (int[] query : queries) {
      distinct.add(query, 0);
    }
    return distinct.sorted();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2})
  void queriesWhoseKeysDifferLittleOrNotAtAllAreInOneOrderHoweverTheyCome(long differentBits) {
    int[][] pair = pair(differentBits);
    assertThat(key(pair[0]) ^ key(pair[1])).isEqualTo(differentBits);
    boolean oneIsFirst =
        differentBits == 0
            ? pair[0][0] < pair[1][0]
            : Long.compareUnsigned(key(pair[0]), key(pair[1])) < 0;
    int[] first = oneIsFirst ? pair[0] : pair[1];
    int[] second = oneIsFirst ? pair[1] : pair[0];

    assertThat(sorted(first, second)).isEqualTo(Ints.concat(first, second));
    assertThat(sorted(second, first)).isEqualTo(Ints.concat(first, second));
  }

  @Test
  void aSampleOfQueriesOfOneKeyIsTheSameHoweverTheyCome() {
    int[][] pair = pair(0);
    int[] first = pair[0][0] < pair[1][0] ? pair[0] : pair[1];
    int[] second = first == pair[0] ? pair[1] : pair[0];

    for (int[][] queries : new int[][][] {{first, second}, {second, first}}) {
      QuerySample one = new QuerySample(KEYS, 2, 1);
      QuerySample both = new QuerySample(KEYS, 2, 2);
      one.addAll(Ints.concat(queries));
      both.addAll(Ints.concat(queries));
      assertThat(one.queries()).isEqualTo(first);
      assertThat(both.queries()).isEqualTo(Ints.concat(first, second));
    }
  }
}
