package io.github.recurrent.examples.service.grpc;

import io.github.recurrent.examples.service.metrics.Elapsed;
import io.github.recurrent.examples.service.metrics.InferenceStatistics;
import io.github.recurrent.examples.service.protocol.InferBatchStatistics;
import io.github.recurrent.examples.service.protocol.InferStatistics;
import io.github.recurrent.examples.service.protocol.ModelStatistics;
import io.github.recurrent.examples.service.protocol.ModelStatisticsResponse;
import io.github.recurrent.examples.service.protocol.StatisticDuration;
import java.util.List;

/** Writes statistics as messages of gRPC. */
final class GrpcStatistics {
  private GrpcStatistics() {}

  static ModelStatisticsResponse of(List<InferenceStatistics> models) {
    ModelStatisticsResponse.Builder response = ModelStatisticsResponse.newBuilder();
    models.forEach(model -> response.addModelStats(message(model)));
    return response.build();
  }

  private static ModelStatistics message(InferenceStatistics model) {
    ModelStatistics.Builder message =
        ModelStatistics.newBuilder()
            .setName(model.name())
            .setVersion(model.version())
            .setLastInference(model.lastInference())
            .setInferenceCount(model.inferences())
            .setExecutionCount(model.infer().count())
            .setInferenceStats(
                InferStatistics.newBuilder()
                    .setSuccess(message(model.success()))
                    .setFail(message(model.fail()))
                    .setQueue(message(model.queue()))
                    .setComputeInput(message(model.input()))
                    .setComputeInfer(message(model.infer()))
                    .setComputeOutput(message(model.output())));
    for (InferenceStatistics.Batch batch : model.batches()) {
      message.addBatchStats(
          InferBatchStatistics.newBuilder()
              .setBatchSize(batch.size())
              .setComputeInfer(message(batch.infer())));
    }
    return message.build();
  }

  private static StatisticDuration message(Elapsed elapsed) {
    return StatisticDuration.newBuilder()
        .setCount(elapsed.count())
        .setNs(elapsed.nanoseconds())
        .build();
  }
}
