package io.github.recurrent.examples.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.recurrent.examples.service.protocol.InferParameter;
import io.github.recurrent.examples.service.protocol.InferTensorContents;
import io.github.recurrent.examples.service.protocol.ModelInferRequest;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferInputTensor;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferRequestedOutputTensor;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.InferRequest;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.request.QueryReader;
import io.github.recurrent.fixtures.HopCircuit;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** No message of gRPC is anything but a request within the limits or a fault. */
final class GrpcRequestFuzz {
  private static final HopCircuit CIRCUIT = HopCircuit.of(1, 4);
  private static final QueryReader READER =
      new QueryReader(CIRCUIT.checkpoint().model(), CIRCUIT.checkpoint().vocabulary(), 16);
  private static final Limits LIMITS =
      new Limits(1 << 20, 8, 16, 50, 10, 1000, Duration.ofSeconds(10));

  static Stream<byte[]> seeds() {
    InferInputTensor query =
        InferInputTensor.newBuilder().setName("query").setDatatype("BYTES").addShape(1).build();
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder()
            .setModelName("hops")
            .putParameters("kl", InferParameter.newBuilder().setDoubleParam(0.1).build())
            .putParameters("top_k", InferParameter.newBuilder().setInt64Param(2).build())
            .addOutputs(InferRequestedOutputTensor.newBuilder().setName("top_tokens"));
    return Stream.of(
            request
                .clone()
                .addInputs(
                    query.toBuilder()
                        .setContents(
                            InferTensorContents.newBuilder()
                                .addBytesContents(ByteString.copyFromUtf8("<e_1><r_0>")))),
            request
                .clone()
                .addInputs(query)
                .addRawInputContents(ByteString.copyFromUtf8("\n\0\0\0<e_1><r_0>")))
        .map(message -> message.build().toByteArray());
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void aMessageIsReadOrRefused(byte @NotNull [] bytes) {
    ModelInferRequest message;
    try {
      message = ModelInferRequest.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      return;
    }
    try {
      InferRequest request = InferRequest.of(GrpcRequest.message(message), READER, LIMITS);
      assertThat(request.queries()).hasSizeBetween(1, LIMITS.rows());
      assertThat(request.outputs()).isNotEmpty();
    } catch (Fault fault) {
      assertThat(fault.status().code()).isEqualTo(400);
      assertThat(fault.message()).isNotEmpty().hasSizeLessThan(2000);
    }
  }
}
