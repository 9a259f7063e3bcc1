package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import inference.GrpcPredictV2.InferTensorContents;
import inference.GrpcPredictV2.ModelInferRequest;
import inference.GrpcPredictV2.ModelInferRequest.InferInputTensor;
import inference.GrpcPredictV2.ModelInferResponse;
import inference.GrpcPredictV2.ModelMetadataResponse;
import inference.GrpcPredictV2.ModelMetadataResponse.TensorMetadata;
import inference.GrpcPredictV2.ModelReadyResponse;
import inference.GrpcPredictV2.ServerLiveResponse;
import inference.GrpcPredictV2.ServerMetadataResponse;
import inference.GrpcPredictV2.ServerReadyResponse;
import io.grpc.InsecureChannelCredentials;
import java.nio.file.Path;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.kserve.KServeComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls each method that Apache Camel's client of the protocol has. */
@Timeout(60)
final class CamelTest {
  @TempDir static Path folder;
  private static Service service;
  private static DefaultCamelContext camel;
  private static ProducerTemplate client;

  @BeforeAll
  static void start() throws Exception {
    service = Service.ready(folder);
    KServeComponent component = new KServeComponent();
    component.getConfiguration().setTarget("127.0.0.1:" + service.server().port());
    component.getConfiguration().setCredentials(InsecureChannelCredentials.create());
    component.getConfiguration().setModelName("hops");
    camel = new DefaultCamelContext();
    camel.addComponent("kserve", component);
    camel.start();
    client = camel.createProducerTemplate();
  }

  @AfterAll
  static void end() {
    camel.stop();
    service.close();
  }

  @Test
  void theServerIsLiveReadyAndTellsItsName() {
    assertThat(asked("server/live", ServerLiveResponse.class).getLive()).isTrue();
    assertThat(asked("server/ready", ServerReadyResponse.class).getReady()).isTrue();
    assertThat(asked("server/metadata", ServerMetadataResponse.class).getName())
        .isEqualTo("recurrent");
  }

  @Test
  void theModelIsReadyAndTellsItsTensors() {
    assertThat(asked("model/ready", ModelReadyResponse.class).getReady()).isTrue();
    ModelMetadataResponse model = asked("model/metadata", ModelMetadataResponse.class);
    assertThat(model.getName()).isEqualTo("hops");
    assertThat(model.getInputsList()).extracting(TensorMetadata::getName).contains("query");
    assertThat(model.getOutputsList()).extracting(TensorMetadata::getName).contains("answer");
  }

  @Test
  void theModelAnswers() {
    ModelInferResponse response =
        client.requestBody(
            "kserve:infer?modelVersion=1",
            request("<e_1><r_0><r_0>").setId("17").build(),
            ModelInferResponse.class);

    assertThat(response.getId()).isEqualTo("17");
    assertThat(response.getOutputs(0).getName()).isEqualTo("answer");
    assertThat(response.getOutputs(0).getContents().getBytesContents(0).toStringUtf8())
        .isEqualTo(token(1, 0, 0));
  }

  @Test
  void theModelAnswersRawTensors() {
    ModelInferRequest.Builder request = request("").setId("18");
    request.getInputsBuilder(0).clearContents();
    ByteString query = ByteString.copyFromUtf8("<e_1><r_0>");
    request.addRawInputContents(
        ByteString.copyFrom(new byte[] {(byte) query.size(), 0, 0, 0}).concat(query));

    ModelInferResponse response =
        client.requestBody("kserve:infer", request.build(), ModelInferResponse.class);

    assertThat(response.getRawOutputContents(0).substring(4).toStringUtf8()).isEqualTo(token(1, 0));
  }

  @Test
  void theClientReadsWhyARequestIsRefused() {
    assertThatThrownBy(
            () -> client.requestBody("kserve:infer", request("<e_5>").build(), Object.class))
        .hasRootCauseMessage(
            "INVALID_ARGUMENT: inputs[0].data[0]: a query needs at least one relation, but has only"
                + " its head <e_5>");
  }

  private static <T> T asked(String api, Class<T> type) {
    return client.requestBody("kserve:" + api, null, type);
  }

  /** Returns the token of the entity to which relations lead. */
  private static String token(int head, int... relations) {
    int entity = head;
    for (int relation : relations) {
      entity = Service.CIRCUIT.graph().tails(entity, relation).get(0);
    }
    return "<e_" + entity + ">";
  }

  private static ModelInferRequest.Builder request(String query) {
    return ModelInferRequest.newBuilder()
        .addInputs(
            InferInputTensor.newBuilder()
                .setName("query")
                .setDatatype("BYTES")
                .addShape(1)
                .setContents(
                    InferTensorContents.newBuilder()
                        .addBytesContents(ByteString.copyFromUtf8(query))));
  }
}
