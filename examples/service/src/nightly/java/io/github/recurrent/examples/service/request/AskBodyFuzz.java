package io.github.recurrent.examples.service.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.github.recurrent.fixtures.HopCircuit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** No body of a question is anything but a query within the limits or a fault. */
final class AskBodyFuzz {
  private static final HopCircuit CIRCUIT = HopCircuit.of(1, 4);
  private static final QueryReader READER =
      new QueryReader(CIRCUIT.checkpoint().model(), CIRCUIT.checkpoint().vocabulary(), 16);
  private static final Limits LIMITS =
      new Limits(1 << 20, 8, 16, 50, 10, 1000, Duration.ofSeconds(10));

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"query\":[\"3\",\"1\",\"0\"],\"parameters\":{\"among_entities\":true}}",
            "{\"model\":\"hops\",\"version\":\"1\",\"query\":\"<e_3><r_1>\",\"parameters\":"
                + "{\"halting\":\"stable_answer\",\"stable_for\":3,\"deadline_ms\":9,"
                + "\"on_deadline\":\"answer\"}}",
            "{\"query\":\"3 | 1\",\"parameters\":{\"halting\":\"fixed\",\"iterations\":2}}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void aQuestionIsReadOrRefused(byte @NotNull [] body) {
    try {
      AskBody asked = AskBody.read(body);
      assertThat(asked.model().orElse(asked.version())).isNotNull();
      assertThat(asked.query(READER).relations()).hasSizeBetween(1, 15);
      assertThat(asked.choices(LIMITS).halting().atMost()).isBetween(1, 50);
    } catch (Fault fault) {
      assertThat(fault.status().code()).isEqualTo(400);
      assertThat(fault.message()).isNotEmpty().hasSizeLessThan(2000);
    }
  }
}
