package io.github.recurrent.onnx;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.internal.graph.QuantizedMatrix;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Reasoner;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuantizedExportTest {
  private static final ExportOptions INT8 = ExportOptions.builder().quantizeInt8(true).build();

  private static final int UINT8 = TensorProto.DataType.UINT8_VALUE;

  private final Path floats;
  private final Path integers;

  QuantizedExportTest(@TempDir Path folder) {
    floats = folder.resolve("floats");
    integers = folder.resolve("integers");
  }

  @Test
  void weightsAreWithinHalfAStepOfEachOutput() {
    float[] weights = {0.5f, -200, 0, 1, 100, 0, 0.1f, 30, 0};

    QuantizedMatrix matrix = QuantizedMatrix.of(FloatBuffer.wrap(weights), 3);

    assertThat(matrix.values()).contains((byte) 1, (byte) 255).doesNotContain((byte) 0);
    for (int i = 0; i < weights.length; i++) {
      float scale = matrix.scales()[i % 3];
      int steps = Byte.toUnsignedInt(matrix.values()[i]) - QuantizedMatrix.ZERO_POINT;
      assertThat(steps * scale).isCloseTo(weights[i], within(scale / 2 * 1.001f));
    }
    assertThat(matrix.scales()[0]).isCloseTo(1f / 127, within(1e-6f));
  }

  /**
   * Whether sums of pairs saturate depends on the processor, so the files are looked at: products
   * of unsigned by signed bytes are wrong on x86 without VNNI.
   */
  @Test
  void everyIntegerProductIsOfUnsignedBytesAroundTheZeroPoint() throws Exception {
    OnnxExporter.export(TestModels.random(1), integers, INT8);

    for (String file : List.of("model.onnx", "trajectory.onnx", "step.onnx")) {
      GraphProto graph =
          ModelProto.parseFrom(Files.readAllBytes(integers.resolve(file))).getGraph();
      Map<String, TensorProto> tensors =
          graph.getInitializerList().stream()
              .collect(toMap(TensorProto::getName, Function.identity()));
      List<NodeProto> products =
          nodes(graph).filter(node -> node.getOpType().equals("MatMulInteger")).toList();

      assertThat(products).as(file).isNotEmpty();
      for (NodeProto product : products) {
        assertThat(tensors.get(product.getInput(1)))
            .as(file)
            .extracting(TensorProto::getDataType)
            .isEqualTo(UINT8);
        assertThat(tensors.get(product.getInput(3)))
            .as(file)
            .extracting(TensorProto::getDataType, zeroPoint -> zeroPoint.getInt32Data(0))
            .containsExactly(UINT8, QuantizedMatrix.ZERO_POINT);
      }
    }
  }

  private static Stream<NodeProto> nodes(GraphProto graph) {
    return graph.getNodeList().stream()
        .flatMap(
            node ->
                Stream.concat(
                    Stream.of(node),
                    node.getAttributeList().stream()
                        .filter(AttributeProto::hasG)
                        .flatMap(attribute -> nodes(attribute.getG()))));
  }

  @Test
  void logitsAreNearThoseOfFloatsAndTheFileIsSmaller() throws Exception {
    MultiHopDataset data =
        MultiHopDataset.from(
                KnowledgeGraph.builder().entities(12).relations(4).permutations().seed(1).build())
            .hops(2, 3)
            .trainPerHop(60)
            .testPerHop(60)
            .build();
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .vocabulary(data.vocabulary())
            .width(128)
            .layers(2)
            .heads(4)
            .initialization(
                Initialization.builder()
                    .embeddingStandardDeviation(0.5)
                    .linearStandardDeviation(0.1)
                    .projectionScale(1)
                    .build())
            .build();
    Checkpoint checkpoint =
        Checkpoint.builder()
            .model(model)
            .vocabulary(data.vocabulary())
            .parameters(Parameters.initialize(model, Seed.of(3)))
            .build();
    OnnxExporter.export(checkpoint, floats);
    OnnxExporter.export(checkpoint, integers, INT8);
    assertThat(Files.size(integers.resolve("model.data")))
        .isLessThan(Files.size(floats.resolve("model.data")) * 2 / 5);

    try (OnnxReasoner exact = OnnxReasoner.load(floats);
        OnnxReasoner rounded = OnnxReasoner.load(integers)) {
      Reasoner.Comparison comparison =
          exact.compare(rounded, data.test().byType().values().iterator().next(), Halting.fixed(4));

      // Embeddings of standard deviation 0.5 give logits of this standard deviation; wrong scales
      // would move as much.
      double deviation = 0.5 * Math.sqrt(model.width());
      assertThat(comparison.maxLogitDifference()).isBetween(1e-4, deviation / 4);
      assertThat(comparison.agreement()).isGreaterThan(0.9);
      assertThat(comparison.sameIterations()).isEqualTo(1);
    }
  }

  @Test
  void theOtherFilesAreQuantizedToo() throws Exception {
    OnnxExporter.export(TestModels.random(1), integers, INT8);
    QueryBatch queries = TestModels.queries(1, 4, 1);
    try (OnnxReasoner stepped = OnnxReasoner.load(integers);
        PortableReasoner portable = PortableReasoner.load(integers)) {
      float[] expected = stepped.trajectory(queries, 3).logits(3, 0);

      assertThat(portable.trajectory(queries, 3).logits(3, 0))
          .containsExactly(expected, within(1e-3f));
      assertThat(portable.answer(queries, Halting.fixed(3)).get(0).tokenId())
          .isEqualTo(stepped.answer(queries, Halting.fixed(3)).get(0).tokenId());
      int best =
          IntStream.range(0, expected.length)
              .reduce(0, (one, other) -> expected[other] > expected[one] ? other : one);
      assertThat(stepped.answer(queries, Halting.fixed(3)).get(0).tokenId()).isEqualTo(best);
    }
  }
}
