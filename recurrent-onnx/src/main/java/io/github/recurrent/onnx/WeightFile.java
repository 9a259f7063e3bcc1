package io.github.recurrent.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingOutputStream;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.model.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file that holds the weights of all graphs of a folder, once: little-endian 32-bit floats,
 * each tensor on a page of its own, so that runtimes can map it into memory.
 *
 * @param tensors the weights by name, as initializers that point into the file
 * @param sha256 the hash of the file
 */
record WeightFile(ImmutableMap<String, TensorProto> tensors, String sha256) {
  static final String NAME = "model.data";

  /** The name of the table that sinusoidal positions are read from. */
  static final String SINUSOIDS = "position_embedding.sinusoids";

  private static final int PAGE = 4096;
  private static final int CHUNK = 1 << 16;

  /** Writes the weights of a model into a folder. */
  static WeightFile write(Path folder, RecurrentDepthTransformer model, Parameters parameters)
      throws IOException {
    ImmutableMap.Builder<String, TensorProto> tensors = ImmutableMap.builder();
    try (HashingOutputStream out =
        new HashingOutputStream(Hashing.sha256(), Files.newOutputStream(folder.resolve(NAME)))) {
      long offset = 0;
      for (String name : parameters.shapes().keySet()) {
        Shape shape = parameters.shapes().get(name);
        tensors.put(name, external(name, shape, offset));
        offset += write(out, parameters.values(name));
      }
      if (model.positions() == PositionEncoding.SINUSOIDAL) {
        Shape shape = Shape.of(model.maxPositions(), model.width());
        tensors.put(SINUSOIDS, external(SINUSOIDS, shape, offset));
        write(
            out, FloatBuffer.wrap(PositionEncoding.sinusoids(model.maxPositions(), model.width())));
      }
      return new WeightFile(tensors.buildOrThrow(), out.hash().toString());
    }
  }

  private static TensorProto external(String name, Shape shape, long offset) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(ElementType.FLOAT.number())
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", NAME))
            .addExternalData(entry("offset", Long.toString(offset)))
            .addExternalData(entry("length", Long.toString(4L * shape.size())));
    for (int size : shape.toArray()) {
      tensor.addDims(size);
    }
    return tensor.build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** Writes values and fills their last page; returns the number of bytes. */
  private static long write(OutputStream out, FloatBuffer values) throws IOException {
    long written = 0;
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      chunk.clear();
      while (values.hasRemaining() && chunk.hasRemaining()) {
        chunk.putFloat(values.get());
      }
      while (chunk.position() % PAGE != 0) {
        chunk.put((byte) 0);
      }
      out.write(chunk.array(), 0, chunk.position());
      written += chunk.position();
    }
    return written;
  }
}
