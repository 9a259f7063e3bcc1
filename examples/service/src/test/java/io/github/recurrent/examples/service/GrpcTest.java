package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.grpc.GrpcClients;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.github.recurrent.examples.service.protocol.InferParameter;
import io.github.recurrent.examples.service.protocol.InferTensorContents;
import io.github.recurrent.examples.service.protocol.ModelInferRequest;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferInputTensor;
import io.github.recurrent.examples.service.protocol.ModelInferRequest.InferRequestedOutputTensor;
import io.github.recurrent.examples.service.protocol.ModelInferResponse;
import io.github.recurrent.examples.service.protocol.ModelMetadataRequest;
import io.github.recurrent.examples.service.protocol.ModelMetadataResponse;
import io.github.recurrent.examples.service.protocol.ModelMetadataResponse.TensorMetadata;
import io.github.recurrent.examples.service.protocol.ModelReadyRequest;
import io.github.recurrent.examples.service.protocol.ServerLiveRequest;
import io.github.recurrent.examples.service.protocol.ServerMetadataRequest;
import io.github.recurrent.examples.service.protocol.ServerReadyRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GrpcTest {
  private static final InferInputTensor.Builder TEXT =
      InferInputTensor.newBuilder().setName("query").setDatatype("BYTES").addShape(1);

  @TempDir static Path folder;
  private static Service service;
  private static GRPCInferenceServiceBlockingStub client;

  @BeforeAll
  static void start() throws IOException {
    service = Service.ready(folder, "--max-body=4000", "--max-rows=4", "--max-iterations=10000000");
    client =
        GrpcClients.newClient("gproto+" + service.uri("/"), GRPCInferenceServiceBlockingStub.class);
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @Test
  void theServerIsLiveReadyAndTellsItsName() {
    assertThat(client.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(client.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
    assertThat(client.serverMetadata(ServerMetadataRequest.getDefaultInstance()).getName())
        .isEqualTo("recurrent");
  }

  @Test
  void theModelIsReadyAndTellsItsTensors() {
    ModelMetadataResponse model =
        client.modelMetadata(ModelMetadataRequest.newBuilder().setName("hops").build());

    assertThat(client.modelReady(ModelReadyRequest.newBuilder().setName("hops").build()).getReady())
        .isTrue();
    assertThat(model.getVersionsList()).containsExactly("1");
    assertThat(model.getInputsList())
        .extracting(TensorMetadata::getName)
        .containsExactly("query", "input_ids");
    assertThat(model.getInputs(1).getShapeList()).containsExactly(-1L, -1L);
    assertThat(model.getOutputsList())
        .extracting(TensorMetadata::getShapeCount)
        .containsExactly(1, 1, 1, 1, 2, 2, 2, 2, 2);
  }

  @Test
  void typedContentsAreAnsweredByTypedContents() {
    ModelInferResponse answer =
        client.modelInfer(
            text("<e_3><r_1><r_0>").setId("9").putParameters("kl", real(0.01)).build());

    assertThat(answer.getId()).isEqualTo("9");
    assertThat(answer.getModelName()).isEqualTo("hops");
    assertThat(answer.getRawOutputContentsCount()).isZero();
    assertThat(answer.getOutputs(0).getContents().getBytesContents(0).toStringUtf8())
        .isEqualTo(expected());
    assertThat(answer.getOutputs(1).getContents().getFp32Contents(0)).isBetween(0.9f, 1f);
    assertThat(answer.getOutputs(2).getContents().getIntContents(0)).isPositive();
    assertThat(answer.getOutputs(3).getContents().getBytesContents(0).toStringUtf8())
        .isEqualTo("settled");
  }

  @Test
  void rawContentsAreAnsweredByRawContents() {
    int head = Service.CIRCUIT.checkpoint().vocabulary().id("<e_3>");
    int first = Service.CIRCUIT.checkpoint().vocabulary().id("<r_1>");
    int second = Service.CIRCUIT.checkpoint().vocabulary().id("<r_0>");
    ByteBuffer ids = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    ids.putLong(head).putLong(first).putLong(second).flip();

    ModelInferResponse answer =
        client.modelInfer(
            request()
                .addInputs(
                    InferInputTensor.newBuilder()
                        .setName("input_ids")
                        .setDatatype("INT64")
                        .addShape(1)
                        .addShape(3))
                .addRawInputContents(ByteString.copyFrom(ids))
                .build());

    assertThat(answer.getRawOutputContentsCount()).isEqualTo(4);
    assertThat(answer.getOutputs(0).hasContents()).isFalse();
    ByteBuffer token =
        answer.getRawOutputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    assertThat(token.getInt()).isEqualTo(token.remaining());
    assertThat(answer.getRawOutputContents(0).substring(4).toStringUtf8()).isEqualTo(expected());
  }

  @Test
  void rawStringsHaveTheirLengthsBefore() {
    ByteBuffer text = ByteBuffer.allocate(19).order(ByteOrder.LITTLE_ENDIAN);
    text.putInt(15).put(ByteString.copyFromUtf8("<e_3><r_1><r_0>").asReadOnlyByteBuffer()).flip();
    ModelInferRequest.Builder raw = request().addInputs(TEXT);

    assertThat(
            client
                .modelInfer(raw.addRawInputContents(ByteString.copyFrom(text)).build())
                .getRawOutputContents(0)
                .substring(4)
                .toStringUtf8())
        .isEqualTo(expected());
    text.putInt(0, 16).rewind();
    assertThat(fault(raw.setRawInputContents(0, ByteString.copyFrom(text))))
        .hasToString("INVALID_ARGUMENT: raw_input_contents[0] ends within an element of \"BYTES\"");
  }

  @Test
  void faultsHaveTheirCodesAndSentences() {
    assertThat(fault(text("<e_9><r_0>")))
        .asString()
        .startsWith("INVALID_ARGUMENT: inputs[0].data[0] has the unknown entity \"<e_9>\"; the");
    assertThat(fault(text("<e_3><r_0>").setModelName("other")))
        .hasToString("NOT_FOUND: there is no model \"other\", only hops");
    assertThat(fault(text("<e_3><r_0>").setModelVersion("2")))
        .asString()
        .startsWith("NOT_FOUND: there is no version");
    assertThat(fault(text("<e_3><r_0>").putParameters("kl", real(Double.NaN))))
        .asString()
        .contains("a finite number");
    assertThat(
            fault(
                text("<e_3><r_0>")
                    .putParameters("halting", word("entropy"))
                    .putParameters("entropy", real(1e-300))
                    .putParameters("at_most", whole(10_000_000))
                    .putParameters("deadline_ms", whole(50))))
        .asString()
        .startsWith("DEADLINE_EXCEEDED: no answer within PT0.05S");
    assertThat(fault(text("<e_3><r_0>").setId("x".repeat(4000))).substring(0, 18))
        .isEqualTo("RESOURCE_EXHAUSTED");
  }

  @Test
  void contentsAndParametersThatMeanNothingAreRefused() {
    InferTensorContents.Builder ids = InferTensorContents.newBuilder().addIntContents(1);
    InferInputTensor.Builder input =
        InferInputTensor.newBuilder()
            .setName("input_ids")
            .setDatatype("INT64")
            .addShape(1)
            .addShape(1);

    assertThat(fault(request().addInputs(input.clone().setContents(ids))))
        .isEqualTo(
            "INVALID_ARGUMENT: inputs[0].contents must have int64_contents alone, but has elements"
                + " of another type");
    assertThat(
            fault(request().addInputs(input.clone().putParameters("binary_data_size", whole(8)))))
        .contains(
            "inputs[0].parameters has \"binary_data_size\", which an input over gRPC with contents");
    assertThat(
            fault(
                text("<e_3><r_0>")
                    .addOutputs(
                        InferRequestedOutputTensor.newBuilder()
                            .setName("answer")
                            .putParameters("binary_data", word("x")))))
        .contains("outputs[0].parameters.binary_data must be true or false, but is \"x\"");
    assertThat(fault(text("<e_3><r_0>").putParameters("binary_data_output", yes())))
        .contains("parameters.binary_data_output must be false or left out: over gRPC outputs are");
    assertThat(fault(text("<e_3><r_0>").putParameters("kl", InferParameter.getDefaultInstance())))
        .contains("parameters has \"kl\", which must be a boolean,");
    assertThat(
            fault(
                text("<e_3><r_0>")
                    .putParameters(
                        "at_most", InferParameter.newBuilder().setUint64Param(-1).build())))
        .contains("an integer of more than 63 bits");
    assertThat(fault(request().addInputs(input.clone().setShape(0, -1))))
        .contains("inputs[0].shape must hold integers from 0 to 2147483647, but has -1");
  }

  @Test
  void parametersThatClientsForRestTooSendAreTakenIfTheyAreTrue() {
    ByteString text =
        ByteString.copyFrom(new byte[] {15, 0, 0, 0})
            .concat(ByteString.copyFromUtf8("<e_3><r_1><r_0>"));
    ModelInferRequest.Builder raw =
        request()
            .addInputs(TEXT.clone().putParameters("binary_data_size", whole(19)))
            .addOutputs(
                InferRequestedOutputTensor.newBuilder()
                    .setName("answer")
                    .putParameters("binary_data", yes()))
            .putParameters("binary_data_output", yes())
            .addRawInputContents(text);

    assertThat(client.modelInfer(raw.build()).getRawOutputContents(0).substring(4).toStringUtf8())
        .isEqualTo(expected());
    raw.getInputsBuilder(0).putParameters("binary_data_size", whole(20));
    assertThat(fault(raw))
        .isEqualTo(
            "INVALID_ARGUMENT: inputs[0].parameters.binary_data_size is 20, but"
                + " raw_input_contents[0] has 19 bytes");
  }

  @Test
  void numbersOfAnyTypeOfIntegersChoose() {
    ModelInferRequest.Builder request =
        text("<e_3><r_1>")
            .putParameters("halting", word("fixed"))
            .putParameters("iterations", InferParameter.newBuilder().setUint64Param(3).build());

    assertThat(client.modelInfer(request.build()).getOutputs(2).getContents().getIntContents(0))
        .isEqualTo(3);
  }

  private static String fault(ModelInferRequest.Builder request) {
    Status status =
        catchThrowableOfType(StatusRuntimeException.class, () -> client.modelInfer(request.build()))
            .getStatus();
    return status.getCode() + ": " + status.getDescription();
  }

  private static ModelInferRequest.Builder request() {
    return ModelInferRequest.newBuilder().setModelName("hops");
  }

  private static ModelInferRequest.Builder text(String query) {
    return request()
        .addInputs(
            TEXT.clone()
                .setContents(
                    InferTensorContents.newBuilder()
                        .addBytesContents(ByteString.copyFromUtf8(query))));
  }

  private static InferParameter real(double value) {
    return InferParameter.newBuilder().setDoubleParam(value).build();
  }

  private static InferParameter whole(long value) {
    return InferParameter.newBuilder().setInt64Param(value).build();
  }

  private static InferParameter yes() {
    return InferParameter.newBuilder().setBoolParam(true).build();
  }

  private static InferParameter word(String value) {
    return InferParameter.newBuilder().setStringParam(value).build();
  }

  private static String expected() {
    int middle = Service.CIRCUIT.graph().tails(3, 1).get(0);
    return "<e_" + Service.CIRCUIT.graph().tails(middle, 0).get(0) + ">";
  }
}
