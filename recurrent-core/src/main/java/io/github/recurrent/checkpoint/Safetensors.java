package io.github.recurrent.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingInputStream;
import com.google.common.hash.HashingOutputStream;
import com.google.common.io.ByteStreams;
import com.google.common.io.LittleEndianDataInputStream;
import com.google.common.io.LittleEndianDataOutputStream;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.json.JsonFields;
import io.github.recurrent.internal.json.JsonSource;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.Parameters.Shape;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.BufferedInputStream;
import java.io.DataInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors files of a checkpoint: a u64 header length, a JSON header that places every
 * tensor, then the tensors' bytes without gaps; all little-endian, all F32.
 */
final class Safetensors {
  private static final String METADATA = "__metadata__";
  private static final String DTYPE = "F32";
  private static final int ALIGNMENT = 8;
  private static final int CHUNK = 1 << 16;

  /** More than the entry of a tensor has. */
  private static final int MOST_VALUES = 32;

  /** The bound of the reference implementation. */
  private static final long LONGEST_HEADER = 100_000_000;

  private static final JsonMapper JSON = new JsonMapper();

  /** Where a tensor lies, in bytes from the end of the header. */
  private record Placement(String name, long begin, long end) {}

  private Safetensors() {}

  /** Writes a file and returns its SHA-256. */
  static String write(Path file, Parameters parameters) throws IOException {
    byte[] header = header(parameters.shapes());
    try (HashingOutputStream hashing =
        new HashingOutputStream(Hashing.sha256(), Files.newOutputStream(file))) {
      // Closed with the stream below it, which it does not buffer.
      @SuppressWarnings("resource")
      LittleEndianDataOutputStream length = new LittleEndianDataOutputStream(hashing);
      length.writeLong(header.length);
      hashing.write(header);
      for (String name : parameters.shapes().keySet()) {
        write(hashing, parameters.values(name));
      }
      return hashing.hash().toString();
    }
  }

  private static byte[] header(ImmutableMap<String, Shape> shapes) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    long offset = 0;
    for (Map.Entry<String, Shape> tensor : shapes.entrySet()) {
      ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", DTYPE);
      for (int size : tensor.getValue().toArray()) {
        entry.withArray("shape").add(size);
      }
      long end = offset + bytes(tensor.getValue());
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String json = JSON.writeValueAsString(header);
    int padding = -(Long.BYTES + json.getBytes(StandardCharsets.UTF_8).length) & (ALIGNMENT - 1);
    return (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
  }

  private static void write(OutputStream out, FloatBuffer values) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      chunk.clear();
      while (values.hasRemaining() && chunk.hasRemaining()) {
        chunk.putFloat(values.get());
      }
      out.write(chunk.array(), 0, chunk.position());
    }
  }

  /**
   * Returns the tensors of a file, whose names and shapes must be those of a model.
   *
   * @param sha256 the hash the whole file must have
   */
  static Parameters read(Path file, RecurrentDepthTransformer model, String sha256)
      throws IOException {
    long size = Files.size(file);
    try (HashingInputStream in =
            new HashingInputStream(
                Hashing.sha256(), new BufferedInputStream(Files.newInputStream(file), CHUNK));
        LittleEndianDataInputStream data = new LittleEndianDataInputStream(in)) {
      long header = headerLength(file, data, size);
      List<Placement> placements =
          placements(
              file,
              ByteStreams.limit(in, header),
              model.parameterShapes(),
              size - header - Long.BYTES);
      Map<String, float[]> values = new HashMap<>();
      for (Placement placement : placements) {
        values.put(
            placement.name(), floats(data, (int) ((placement.end() - placement.begin()) / 4)));
      }
      String found = in.hash().toString();
      if (!found.equals(sha256)) {
        throw new FileFormatException(
            file, "its SHA-256 is " + found + ", but config.json has " + sha256);
      }
      return Parameters.of(model, values);
    } catch (EOFException e) {
      throw new FileFormatException(file, "ends before its " + size + " bytes", e);
    }
  }

  private static long headerLength(Path file, LittleEndianDataInputStream data, long size)
      throws IOException {
    if (size < Long.BYTES) {
      throw new FileFormatException(
          file, "has " + size + " bytes, too few for the length of its header");
    }
    long length = data.readLong();
    if (length < 2 || length > Math.min(LONGEST_HEADER, size - Long.BYTES)) {
      throw new FileFormatException(
          file,
          "its header has "
              + Long.toUnsignedString(length)
              + " bytes, but must have at least 2 and at most "
              + Math.min(LONGEST_HEADER, size - Long.BYTES));
    }
    return length;
  }

  /** Returns the tensors in the order of their bytes. */
  private static List<Placement> placements(
      Path file, InputStream header, ImmutableMap<String, Shape> shapes, long dataSize)
      throws IOException {
    Map<String, Placement> found = new HashMap<>();
    try (JsonSource source = JsonSource.of(file, "its header", header)) {
      source.fields(
          (name, value) -> {
            if (name.equals(METADATA)) {
              value.skip();
            } else if (found.containsKey(name)) {
              throw value.twice(name);
            } else {
              found.put(name, placement(file, name, value, shapes));
            }
          });
    }
    for (String name : shapes.keySet()) {
      if (!found.containsKey(name)) {
        throw new FileFormatException(file, "lacks " + name + ", which the model has");
      }
    }
    List<Placement> placements = new ArrayList<>(found.values());
    placements.sort(Comparator.comparingLong(Placement::begin));
    long end = 0;
    for (Placement placement : placements) {
      if (placement.begin() != end) {
        throw new FileFormatException(
            file,
            placement.name()
                + " begins at byte "
                + placement.begin()
                + (placement.begin() < end ? ", within" : ", away from")
                + " the tensor before it, which ends at "
                + end);
      }
      end = placement.end();
    }
    if (end != dataSize) {
      throw new FileFormatException(
          file, "has " + dataSize + " bytes of tensors, but its header places " + end);
    }
    return placements;
  }

  private static Placement placement(
      Path file, String name, JsonSource entry, ImmutableMap<String, Shape> shapes)
      throws IOException {
    Shape expected = shapes.get(name);
    if (expected == null) {
      throw new FileFormatException(file, "holds " + name + ", which the model lacks");
    }
    JsonFields fields = JsonFields.of(file, name, entry.value(MOST_VALUES));
    String dtype = fields.text("dtype");
    List<Long> sizes = fields.integers("shape");
    List<Long> offsets = fields.integers("data_offsets");
    fields.requireNoOthers();
    if (!dtype.equals(DTYPE)) {
      throw new FileFormatException(
          file, name + " has dtype \"" + dtype + "\", but must have " + DTYPE);
    }
    if (!sizes.toString().equals(expected.toString())) {
      throw new FileFormatException(
          file, name + " has shape " + sizes + ", but the model's is " + expected);
    }
    if (offsets.size() != 2 || offsets.get(0) < 0 || offsets.get(1) < offsets.get(0)) {
      throw new FileFormatException(
          file, name + " has data_offsets " + offsets + ", but must have a begin and an end");
    }
    if (offsets.get(1) - offsets.get(0) != bytes(expected)) {
      throw new FileFormatException(
          file,
          name
              + " of shape "
              + expected
              + " needs "
              + bytes(expected)
              + " bytes, but has "
              + (offsets.get(1) - offsets.get(0)));
    }
    return new Placement(name, offsets.get(0), offsets.get(1));
  }

  private static float[] floats(DataInput data, int count) throws IOException {
    float[] values = new float[count];
    byte[] chunk = new byte[CHUNK];
    for (int start = 0; start < count; start += CHUNK / Float.BYTES) {
      int length = Math.min(CHUNK / Float.BYTES, count - start);
      data.readFully(chunk, 0, length * Float.BYTES);
      ByteBuffer.wrap(chunk)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values, start, length);
    }
    return values;
  }

  private static long bytes(Shape shape) {
    return (long) shape.size() * Float.BYTES;
  }
}
