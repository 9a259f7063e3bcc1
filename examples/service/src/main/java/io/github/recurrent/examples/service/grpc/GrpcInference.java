package io.github.recurrent.examples.service.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.examples.service.answer.Inference;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import io.github.recurrent.examples.service.protocol.ModelInferRequest;
import io.github.recurrent.examples.service.protocol.ModelInferResponse;
import io.github.recurrent.examples.service.protocol.ModelMetadataRequest;
import io.github.recurrent.examples.service.protocol.ModelMetadataResponse;
import io.github.recurrent.examples.service.protocol.ModelMetadataResponse.TensorMetadata;
import io.github.recurrent.examples.service.protocol.ModelReadyRequest;
import io.github.recurrent.examples.service.protocol.ModelReadyResponse;
import io.github.recurrent.examples.service.protocol.ServerLiveRequest;
import io.github.recurrent.examples.service.protocol.ServerLiveResponse;
import io.github.recurrent.examples.service.protocol.ServerMetadataRequest;
import io.github.recurrent.examples.service.protocol.ServerMetadataResponse;
import io.github.recurrent.examples.service.protocol.ServerReadyRequest;
import io.github.recurrent.examples.service.protocol.ServerReadyResponse;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.InferRequest;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.request.TensorSpec;
import io.github.recurrent.examples.service.rest.FaultAnswers;
import io.github.recurrent.examples.service.rest.MetadataService;
import io.github.recurrent.examples.service.serving.Lifecycle;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.ServedModel;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** The protocol over gRPC. Thread-safe. */
public final class GrpcInference extends GRPCInferenceServiceImplBase {
  private final Models models;
  private final Lifecycle lifecycle;
  private final Limits limits;

  public GrpcInference(Models models, Lifecycle lifecycle, Limits limits) {
    this.models = models;
    this.lifecycle = lifecycle;
    this.limits = limits;
  }

  @Override
  public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> client) {
    answer(client, ServerLiveResponse.newBuilder().setLive(true).build());
  }

  @Override
  public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> client) {
    answer(client, ServerReadyResponse.newBuilder().setReady(lifecycle.isReady()).build());
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> client) {
    require(request.getName(), request.getVersion());
    answer(client, ModelReadyResponse.newBuilder().setReady(lifecycle.isReady()).build());
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> client) {
    answer(
        client,
        ServerMetadataResponse.newBuilder()
            .setName(MetadataService.NAME)
            .setVersion(MetadataService.version())
            .addAllExtensions(MetadataService.EXTENSIONS)
            .build());
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> client) {
    require(request.getName(), request.getVersion());
    answer(
        client,
        ModelMetadataResponse.newBuilder()
            .setName(request.getName())
            .addVersions(Models.VERSION)
            .setPlatform(MetadataService.PLATFORM)
            .addAllInputs(TensorSpec.INPUTS.stream().map(GrpcInference::metadata).toList())
            .addAllOutputs(TensorSpec.OUTPUTS.stream().map(GrpcInference::metadata).toList())
            .build());
  }

  private static TensorMetadata metadata(TensorSpec tensor) {
    return TensorMetadata.newBuilder()
        .setName(tensor.name())
        .setDatatype(tensor.datatype())
        .addAllShape(tensor.shape())
        .build();
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> client) {
    ServiceRequestContext context = ServiceRequestContext.current();
    lifecycle.enter(context);
    require(request.getModelName(), request.getModelVersion());
    ServedModel model = models.loaded();
    InferRequest asked = InferRequest.of(GrpcRequest.message(request), model.reader(), limits);
    CompletableFuture<Void> unused =
        Inference.answer(context, model, asked)
            .handleAsync(
                (answered, problem) -> {
                  if (problem != null) {
                    client.onError(
                        GrpcFaults.status(FaultAnswers.ofQuery(context, problem))
                            .asRuntimeException());
                  } else {
                    answer(client, GrpcResponse.of(models.name(), asked, answered));
                  }
                  return null;
                },
                context.blockingTaskExecutor());
  }

  private void require(String name, String version) {
    String asked = version.isEmpty() ? Models.VERSION : version;
    if (!models.has(name, asked)) {
      throw Fault.notFound(models.unknown(name, asked));
    }
  }

  private static <T> void answer(StreamObserver<T> client, T message) {
    client.onNext(message);
    client.onCompleted();
  }
}
