package io.github.recurrent.examples.service.grpc;

import com.google.protobuf.ByteString;
import io.github.recurrent.examples.service.protocol.InferTensorContents;
import io.github.recurrent.examples.service.protocol.ModelInferResponse;
import io.github.recurrent.examples.service.protocol.ModelInferResponse.InferOutputTensor;
import io.github.recurrent.examples.service.request.InferRequest;
import io.github.recurrent.examples.service.request.Output;
import io.github.recurrent.examples.service.serving.ServedModel;
import io.github.recurrent.reasoning.Answer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes answers as messages of gRPC, typed or as plain bytes. */
final class GrpcResponse {
  private GrpcResponse() {}

  static ModelInferResponse of(
      ServedModel model, InferRequest request, List<Answer> answers, boolean isRaw) {
    ModelInferResponse.Builder response =
        ModelInferResponse.newBuilder()
            .setModelName(model.name())
            .setModelVersion(model.version())
            .setId(request.id().orElse(""));
    for (Output output : request.outputs()) {
      InferOutputTensor.Builder tensor =
          response
              .addOutputsBuilder()
              .setName(output.text())
              .setDatatype(output.datatype())
              .addShape(answers.size());
      if (isRaw) {
        response.addRawOutputContents(raw(output, answers));
      } else {
        tensor.setContents(contents(output, answers));
      }
    }
    return response.build();
  }

  private static InferTensorContents contents(Output output, List<Answer> answers) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    for (Answer answer : answers) {
      switch (output) {
        case ANSWER -> contents.addBytesContents(ByteString.copyFromUtf8(answer.token()));
        case PROBABILITY -> contents.addFp32Contents((float) answer.probability());
        case ITERATIONS -> contents.addIntContents(answer.iterations());
        case CAUSE -> contents.addBytesContents(ByteString.copyFromUtf8(Output.cause(answer)));
      }
    }
    return contents.build();
  }

  private static ByteString raw(Output output, List<Answer> answers) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Answer answer : answers) {
      bytes.writeBytes(
          switch (output) {
            case ANSWER -> text(answer.token());
            case PROBABILITY -> word(Float.floatToRawIntBits((float) answer.probability()));
            case ITERATIONS -> word(answer.iterations());
            case CAUSE -> text(Output.cause(answer));
          });
    }
    return ByteString.copyFrom(bytes.toByteArray());
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Integer.BYTES + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  private static byte[] word(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
