package io.github.recurrent.examples.service.grpc;

import com.google.protobuf.ByteString;
import io.github.recurrent.examples.service.answer.Answered;
import io.github.recurrent.examples.service.answer.BinarySink;
import io.github.recurrent.examples.service.protocol.ModelInferResponse;
import io.github.recurrent.examples.service.protocol.ModelInferResponse.InferOutputTensor;
import io.github.recurrent.examples.service.request.InferRequest;
import io.github.recurrent.examples.service.request.InferRequest.Requested;
import io.github.recurrent.examples.service.serving.ServedModel;
import java.io.ByteArrayOutputStream;

/** Writes answers as messages of gRPC, typed or as plain bytes. */
final class GrpcResponse {
  private GrpcResponse() {}

  static ModelInferResponse of(ServedModel model, InferRequest request, Answered answered) {
    ModelInferResponse.Builder response =
        ModelInferResponse.newBuilder()
            .setModelName(model.name())
            .setModelVersion(model.version())
            .setId(request.id().orElse(""));
    for (Requested requested : request.outputs()) {
      InferOutputTensor.Builder tensor =
          response
              .addOutputsBuilder()
              .setName(requested.output().text())
              .setDatatype(requested.output().datatype())
              .addAllShape(answered.shape(requested.output()));
      if (requested.isBinary()) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        answered.write(requested.output(), new BinarySink(bytes));
        response.addRawOutputContents(ByteString.copyFrom(bytes.toByteArray()));
      } else {
        answered.write(requested.output(), new ContentsSink(tensor.getContentsBuilder()));
      }
    }
    return response.build();
  }
}
