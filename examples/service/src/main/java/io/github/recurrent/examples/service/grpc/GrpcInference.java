package io.github.recurrent.examples.service.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.examples.service.answer.Inference;
import io.github.recurrent.examples.service.answer.ServerMetadata;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import io.github.recurrent.examples.service.protocol.ModelInferRequest;
import io.github.recurrent.examples.service.protocol.ModelInferResponse;
import io.github.recurrent.examples.service.protocol.ModelMetadataRequest;
import io.github.recurrent.examples.service.protocol.ModelMetadataResponse;
import io.github.recurrent.examples.service.protocol.ModelMetadataResponse.TensorMetadata;
import io.github.recurrent.examples.service.protocol.ModelReadyRequest;
import io.github.recurrent.examples.service.protocol.ModelReadyResponse;
import io.github.recurrent.examples.service.protocol.ModelStatisticsRequest;
import io.github.recurrent.examples.service.protocol.ModelStatisticsResponse;
import io.github.recurrent.examples.service.protocol.RepositoryIndexRequest;
import io.github.recurrent.examples.service.protocol.RepositoryIndexResponse;
import io.github.recurrent.examples.service.protocol.RepositoryModelLoadRequest;
import io.github.recurrent.examples.service.protocol.RepositoryModelLoadResponse;
import io.github.recurrent.examples.service.protocol.RepositoryModelUnloadRequest;
import io.github.recurrent.examples.service.protocol.RepositoryModelUnloadResponse;
import io.github.recurrent.examples.service.protocol.ServerLiveRequest;
import io.github.recurrent.examples.service.protocol.ServerLiveResponse;
import io.github.recurrent.examples.service.protocol.ServerMetadataRequest;
import io.github.recurrent.examples.service.protocol.ServerMetadataResponse;
import io.github.recurrent.examples.service.protocol.ServerReadyRequest;
import io.github.recurrent.examples.service.protocol.ServerReadyResponse;
import io.github.recurrent.examples.service.repository.CommandParameters;
import io.github.recurrent.examples.service.repository.Repository;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.InferRequest;
import io.github.recurrent.examples.service.request.Limits;
import io.github.recurrent.examples.service.request.TensorSpec;
import io.github.recurrent.examples.service.serving.Lifecycle;
import io.github.recurrent.examples.service.serving.ModelStatistics;
import io.github.recurrent.examples.service.serving.Models;
import io.github.recurrent.examples.service.serving.Readiness;
import io.github.recurrent.examples.service.serving.ServedModel;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** The protocol over gRPC. Thread-safe. */
public final class GrpcInference extends GRPCInferenceServiceImplBase {
  private final Models models;
  private final Lifecycle lifecycle;
  private final Readiness readiness;
  private final ModelStatistics statistics;
  private final Optional<Repository> repository;
  private final Limits limits;
  private final ServerMetadata metadata;

  /**
   * @param repository what may be controlled, if anything
   */
  public GrpcInference(
      Models models,
      Lifecycle lifecycle,
      Readiness readiness,
      ModelStatistics statistics,
      Optional<Repository> repository,
      Limits limits,
      ServerMetadata metadata) {
    this.models = models;
    this.lifecycle = lifecycle;
    this.readiness = readiness;
    this.statistics = statistics;
    this.repository = repository;
    this.limits = limits;
    this.metadata = metadata;
  }

  @Override
  public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> client) {
    GrpcAnswer.send(client, ServerLiveResponse.newBuilder().setLive(true).build());
  }

  @Override
  public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> client) {
    GrpcAnswer.send(client, ServerReadyResponse.newBuilder().setReady(readiness.isReady()).build());
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> client) {
    boolean ready = readiness.isReady(request.getName(), request.getVersion(), Fault::notFound);
    GrpcAnswer.send(client, ModelReadyResponse.newBuilder().setReady(ready).build());
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> client) {
    GrpcAnswer.send(
        client,
        ServerMetadataResponse.newBuilder()
            .setName(ServerMetadata.NAME)
            .setVersion(ServerMetadata.version())
            .addAllExtensions(metadata.extensions())
            .build());
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> client) {
    GrpcAnswer.send(
        client,
        ModelMetadataResponse.newBuilder()
            .setName(request.getName())
            .addAllVersions(models.loaded(request.getName(), request.getVersion(), Fault::notFound))
            .setPlatform(ServerMetadata.PLATFORM)
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
    ServedModel model =
        models.use(context, request.getModelName(), request.getModelVersion(), Fault::notFound);
    InferRequest asked = InferRequest.of(GrpcRequest.message(request), model.reader(), limits);
    GrpcAnswer.send(
        client,
        Inference.answer(context, model, asked),
        answered -> GrpcResponse.of(model, asked, answered));
  }

  @Override
  public void modelStatistics(
      ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> client) {
    GrpcAnswer.send(
        client,
        GrpcStatistics.of(statistics.of(request.getName(), request.getVersion(), Fault::notFound)));
  }

  @Override
  public void repositoryIndex(
      RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> client) {
    if (repository.isEmpty()) {
      super.repositoryIndex(request, client);
      return;
    }
    GrpcRepository.requireNoName(request.getRepositoryName());
    GrpcAnswer.send(client, GrpcRepository.index(repository.get().index(), request.getReady()));
  }

  @Override
  public void repositoryModelLoad(
      RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> client) {
    if (repository.isEmpty()) {
      super.repositoryModelLoad(request, client);
      return;
    }
    lifecycle.enter(ServiceRequestContext.current());
    GrpcRepository.requireNoName(request.getRepositoryName());
    CommandParameters.requireNone(request.getParametersMap().keySet());
    // A large model takes longer than an answer.
    ServiceRequestContext.current().clearRequestTimeout();
    GrpcAnswer.send(
        client,
        repository.get().load(request.getModelName()),
        done -> RepositoryModelLoadResponse.getDefaultInstance());
  }

  @Override
  public void repositoryModelUnload(
      RepositoryModelUnloadRequest request, StreamObserver<RepositoryModelUnloadResponse> client) {
    if (repository.isEmpty()) {
      super.repositoryModelUnload(request, client);
      return;
    }
    lifecycle.enter(ServiceRequestContext.current());
    GrpcRepository.requireNoName(request.getRepositoryName());
    CommandParameters.requireOfUnload(request.getParametersMap().keySet());
    // It waits for the loads before it.
    ServiceRequestContext.current().clearRequestTimeout();
    GrpcAnswer.send(
        client,
        repository.get().unload(request.getModelName()),
        done -> RepositoryModelUnloadResponse.getDefaultInstance());
  }
}
