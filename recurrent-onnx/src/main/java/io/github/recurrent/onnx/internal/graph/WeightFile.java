package io.github.recurrent.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingOutputStream;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.Parameters.Shape;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.ExportOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file that holds the weights of all graphs of a folder, once: little-endian 32-bit floats, or
 * unsigned bytes and their scales, each tensor on a page of its own, so that runtimes can map it
 * into memory.
 *
 * @param tensors the weights by name, as initializers that point into the file
 * @param sha256 the hash of the file
 */
public record WeightFile(ImmutableMap<String, TensorProto> tensors, String sha256) {
  public static final String NAME = "model.data";

  /**
   * Ends the names of weights that are unsigned bytes around {@link QuantizedMatrix#ZERO_POINT}.
   */
  public static final String UINT8 = ".uint8";

  /** Ends the names of the value of one step of such weights, for each output. */
  public static final String SCALES = ".scales";

  /** The name of the table that sinusoidal positions are read from. */
  public static final String SINUSOIDS = "position_embedding.sinusoids";

  private static final int PAGE = 4096;
  private static final int CHUNK = 1 << 16;

  /** Writes the weights of a model into a folder. */
  public static WeightFile write(
      Path folder, RecurrentDepthTransformer model, Parameters parameters, ExportOptions options)
      throws IOException {
    try (Writing writing = new Writing(folder.resolve(NAME))) {
      for (String name : parameters.shapes().keySet()) {
        Shape shape = parameters.shapes().get(name);
        FloatBuffer values = parameters.values(name);
        if (options.quantizeInt8() && isLinear(name, shape)) {
          QuantizedMatrix matrix = QuantizedMatrix.of(values, shape.size(1));
          writing.write(name + UINT8, shape, matrix.values());
          writing.write(name + SCALES, Shape.of(shape.size(1)), FloatBuffer.wrap(matrix.scales()));
        } else {
          writing.write(name, shape, values);
        }
      }
      if (model.positions() == PositionEncoding.SINUSOIDAL) {
        writing.write(
            SINUSOIDS,
            Shape.of(model.maxPositions(), model.width()),
            FloatBuffer.wrap(PositionEncoding.sinusoids(model.maxPositions(), model.width())));
      }
      return writing.end();
    }
  }

  private static boolean isLinear(String name, Shape shape) {
    return name.startsWith("blocks.") && shape.rank() == 2;
  }

  /** A file that is being written. */
  private static final class Writing implements AutoCloseable {
    private final ImmutableMap.Builder<String, TensorProto> tensors = ImmutableMap.builder();
    private final HashingOutputStream out;
    private long offset;

    private Writing(Path file) throws IOException {
      out = new HashingOutputStream(Hashing.sha256(), Files.newOutputStream(file));
    }

    private void write(String name, Shape shape, FloatBuffer values) throws IOException {
      tensors.put(name, external(name, ElementType.FLOAT, shape, offset, 4L * shape.size()));
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
      while (values.hasRemaining()) {
        chunk.clear();
        while (values.hasRemaining() && chunk.hasRemaining()) {
          chunk.putFloat(values.get());
        }
        write(chunk.array(), chunk.position());
      }
      fillPage();
    }

    private void write(String name, Shape shape, byte[] values) throws IOException {
      tensors.put(name, external(name, ElementType.UINT8, shape, offset, shape.size()));
      write(values, values.length);
      fillPage();
    }

    private void write(byte[] bytes, int length) throws IOException {
      out.write(bytes, 0, length);
      offset += length;
    }

    private void fillPage() throws IOException {
      write(new byte[PAGE], (int) (-offset & (PAGE - 1)));
    }

    private WeightFile end() {
      return new WeightFile(tensors.buildOrThrow(), out.hash().toString());
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  private static TensorProto external(
      String name, ElementType type, Shape shape, long offset, long length) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.number())
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", NAME))
            .addExternalData(entry("offset", Long.toString(offset)))
            .addExternalData(entry("length", Long.toString(length)));
    for (int size : shape.toArray()) {
      tensor.addDims(size);
    }
    return tensor.build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
