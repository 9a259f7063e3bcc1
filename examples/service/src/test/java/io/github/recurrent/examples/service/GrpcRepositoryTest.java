package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.grpc.GrpcClients;
import io.github.recurrent.examples.service.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.github.recurrent.examples.service.protocol.ModelMetadataRequest;
import io.github.recurrent.examples.service.protocol.ModelReadyRequest;
import io.github.recurrent.examples.service.protocol.ModelRepositoryParameter;
import io.github.recurrent.examples.service.protocol.RepositoryIndexRequest;
import io.github.recurrent.examples.service.protocol.RepositoryIndexResponse.ModelIndex;
import io.github.recurrent.examples.service.protocol.RepositoryModelLoadRequest;
import io.github.recurrent.examples.service.protocol.RepositoryModelUnloadRequest;
import io.github.recurrent.examples.service.protocol.ServerMetadataRequest;
import io.github.recurrent.examples.service.protocol.ServerReadyRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
final class GrpcRepositoryTest {
  private static final RepositoryModelLoadRequest LOAD =
      RepositoryModelLoadRequest.newBuilder().setModelName("hops").build();
  private static final RepositoryModelUnloadRequest UNLOAD =
      RepositoryModelUnloadRequest.newBuilder().setModelName("hops").build();
  private static final RepositoryIndexRequest INDEX = RepositoryIndexRequest.getDefaultInstance();

  @TempDir Path folder;
  private ModelFolder models;

  @BeforeEach
  void createFolder() throws IOException {
    models = new ModelFolder(Files.createDirectory(folder.resolve("models")));
    models.add("hops", "1").add("hops", "2");
  }

  @Test
  void modelsAreListedUnloadedAndLoaded() throws IOException {
    try (Service service = Service.ofModels(models.path(), "--repository-control")) {
      GRPCInferenceServiceBlockingStub client = client(service);
      assertThat(
              client.serverMetadata(ServerMetadataRequest.getDefaultInstance()).getExtensionsList())
          .containsExactly("binary_tensor_data", "statistics", "model_repository");
      assertThat(client.repositoryIndex(INDEX).getModelsList())
          .extracting(ModelIndex::getState)
          .containsExactly("UNAVAILABLE", "READY");
      assertThat(
              client
                  .repositoryIndex(RepositoryIndexRequest.newBuilder().setReady(true).build())
                  .getModelsList())
          .extracting(ModelIndex::getVersion)
          .containsExactly("2");
      assertThat(
              client
                  .modelMetadata(ModelMetadataRequest.newBuilder().setName("hops").build())
                  .getVersionsList())
          .containsExactly("2");

      assertThat(client.repositoryModelUnload(UNLOAD)).isNotNull();

      assertThat(client.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isFalse();
      assertThat(
              fault(
                  () -> client.modelReady(ModelReadyRequest.newBuilder().setName("hops").build())))
          .isEqualTo("NOT_FOUND: there is no model \"hops\", and none is loaded");

      assertThat(client.repositoryModelLoad(LOAD)).isNotNull();

      assertThat(
              client.modelReady(ModelReadyRequest.newBuilder().setName("hops").build()).getReady())
          .isTrue();
    }
  }

  @Test
  void whatCannotBeLoadedSaysWhy() throws IOException {
    try (Service service = Service.ofModels(models.path(), "--repository-control", "--poll=0s")) {
      GRPCInferenceServiceBlockingStub client = client(service);
      models.addDamaged("hops", "3");

      assertThat(fault(() -> client.repositoryModelLoad(LOAD)))
          .startsWith("INVALID_ARGUMENT: version 3 of hops cannot be loaded: ");
      assertThat(
              fault(() -> client.repositoryModelLoad(LOAD.toBuilder().setModelName("no").build())))
          .isEqualTo("INVALID_ARGUMENT: there is no model \"no\" in the repository");
      assertThat(
              fault(
                  () ->
                      client.repositoryModelUnload(
                          UNLOAD.toBuilder().setModelName("../hops").build())))
          .isEqualTo("INVALID_ARGUMENT: there is no model \"../hops\" in the repository");
      assertThat(
              fault(
                  () ->
                      client.repositoryModelLoad(
                          LOAD.toBuilder().setRepositoryName("other").build())))
          .startsWith("INVALID_ARGUMENT: repository_name must be empty");
    }
  }

  @Test
  void commandsTakeNoFilesAndNoSettings() throws IOException {
    try (Service service = Service.ofModels(models.path(), "--repository-control")) {
      GRPCInferenceServiceBlockingStub client = client(service);
      var file =
          ModelRepositoryParameter.newBuilder().setBytesParam(ByteString.copyFromUtf8("x")).build();

      for (String name : new String[] {"config", "file:1/model.onnx"}) {
        assertThat(
                fault(
                    () ->
                        client.repositoryModelLoad(
                            LOAD.toBuilder().putParameters(name, file).build())))
            .startsWith("INVALID_ARGUMENT: parameters has \"" + name + "\", which is never taken");
      }
      assertThat(
              client.repositoryModelUnload(
                  UNLOAD.toBuilder()
                      .putParameters(
                          "unload_dependents",
                          ModelRepositoryParameter.newBuilder().setBoolParam(true).build())
                      .build()))
          .isNotNull();
    }
  }

  @Test
  void theExtensionIsNotImplementedUnlessItIsSwitchedOn() throws IOException {
    try (Service service = Service.ofModels(models.path())) {
      GRPCInferenceServiceBlockingStub client = client(service);

      assertThat(fault(() -> client.repositoryIndex(INDEX))).startsWith("UNIMPLEMENTED");
      assertThat(fault(() -> client.repositoryModelLoad(LOAD))).startsWith("UNIMPLEMENTED");
      assertThat(fault(() -> client.repositoryModelUnload(UNLOAD))).startsWith("UNIMPLEMENTED");
      assertThat(
              client.serverMetadata(ServerMetadataRequest.getDefaultInstance()).getExtensionsList())
          .containsExactly("binary_tensor_data", "statistics");
    }
  }

  private static GRPCInferenceServiceBlockingStub client(Service service) {
    return GrpcClients.newClient(
        "gproto+" + service.uri("/"), GRPCInferenceServiceBlockingStub.class);
  }

  private static String fault(ThrowingCallable call) {
    Status status = catchThrowableOfType(StatusRuntimeException.class, call).getStatus();
    return status.getCode() + ": " + status.getDescription();
  }
}
