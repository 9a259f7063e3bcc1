package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GraphSizeTest {
  @Test
  void aGraphWhoseEmbeddingsTakeGigabytesIsWarnedOf() {
    assertThat(GraphSize.warning(10_000_000))
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .contains("10000000 entities alone take 2.6 GB in a model of width 64")
                    .contains("subgraph(seeds, hops, max)"));
    assertThat(GraphSize.warning(1_000_000)).isEmpty();
  }
}
