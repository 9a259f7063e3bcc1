package io.github.recurrent.examples.service.grpc;

import io.github.recurrent.examples.service.protocol.RepositoryIndexResponse;
import io.github.recurrent.examples.service.protocol.RepositoryIndexResponse.ModelIndex;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Shown;
import io.github.recurrent.examples.service.serving.ModelStatus;
import io.github.recurrent.examples.service.serving.ModelStatus.State;
import java.util.List;

/** Messages of gRPC about the repository of models. */
final class GrpcRepository {
  private GrpcRepository() {}

  /** Refuses the name of another repository. */
  static void requireNoName(String name) {
    if (!name.isEmpty()) {
      throw Fault.bad(
          "repository_name must be empty, since the only repository has no name, but is "
              + Shown.text(name));
    }
  }

  static RepositoryIndexResponse index(List<ModelStatus> all, boolean onlyReady) {
    RepositoryIndexResponse.Builder index = RepositoryIndexResponse.newBuilder();
    for (ModelStatus status : all) {
      if (!onlyReady || status.state() == State.READY) {
        index.addModels(
            ModelIndex.newBuilder()
                .setName(status.name())
                .setVersion(status.version())
                .setState(status.state().name())
                .setReason(status.reason()));
      }
    }
    return index.build();
  }
}
