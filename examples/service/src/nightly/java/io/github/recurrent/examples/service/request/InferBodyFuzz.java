package io.github.recurrent.examples.service.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.fixtures.HopCircuit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No body of a request to infer is anything but a request within the limits or a fault. */
final class InferBodyFuzz {
  private static final HopCircuit CIRCUIT = HopCircuit.of(1, 4);
  private static final QueryReader READER =
      new QueryReader(CIRCUIT.checkpoint().model(), CIRCUIT.checkpoint().vocabulary(), 16);
  private static final Limits LIMITS =
      new Limits(1 << 20, 8, 16, 50, 10, 1000, Duration.ofSeconds(10));

  static Stream<Arguments> seeds() {
    return Stream.of(
        Arguments.of(
            -1,
            bytes(
                "{\"id\":\"7\",\"parameters\":{\"halting\":\"kl\",\"kl\":0.1,\"at_most\":9,"
                    + "\"top_k\":2},\"inputs\":[{\"name\":\"query\",\"shape\":[2],"
                    + "\"datatype\":\"BYTES\",\"data\":[\"<e_1><r_0>\",\"3|1|2\"]}],"
                    + "\"outputs\":[{\"name\":\"top_tokens\",\"parameters\":{\"binary_data\":true}}]}")),
        Arguments.of(
            -1,
            bytes(
                "{\"parameters\":{\"timeout\":5000},\"inputs\":[{\"name\":\"input_ids\","
                    + "\"shape\":[2,3],\"datatype\":\"INT64\",\"data\":[[1,7,7],[2,7,0]]}]}")),
        Arguments.of(
            97,
            bytes(
                "{\"inputs\":[{\"name\":\"query\",\"shape\":[1],\"datatype\":\"BYTES\","
                    + "\"parameters\":{\"binary_data_size\":14}}]}\n\0\0\0<e_1><r_0>")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void aBodyIsReadOrRefused(int jsonLength, byte @NotNull [] body) {
    ImmutableList<String> header =
        jsonLength < 0 ? ImmutableList.of() : ImmutableList.of(Integer.toString(jsonLength));
    try {
      InferRequest request = InferRequest.of(InferBody.read(header, body, "hops"), READER, LIMITS);
      assertThat(request.queries()).hasSizeBetween(1, LIMITS.rows());
      assertThat(request.outputs()).isNotEmpty();
    } catch (Fault fault) {
      assertThat(fault.status().code()).isEqualTo(400);
      assertThat(fault.message()).isNotEmpty().hasSizeLessThan(2000);
    }
  }
}
