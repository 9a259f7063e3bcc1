package io.github.recurrent.checkpoint;

import com.google.common.collect.Lists;
import com.google.common.primitives.Ints;
import io.github.recurrent.model.Parameters.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes files as {@code torch.save} does, and some as it never would. */
final class TorchFile {
  private static final int PROTO = 0x80;

  /** A tensor: what the pickle says of it, and the bytes of its storage. */
  record Tensor(
      String type,
      long length,
      long offset,
      List<Long> sizes,
      List<Long> strides,
      ByteBuffer storage) {}

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private int method = ZipEntry.STORED;

  /** Returns a file with all parameters of a checkpoint and the head, as floats. */
  static TorchFile of(Checkpoint checkpoint) {
    TorchFile file = new TorchFile();
    checkpoint
        .parameters()
        .shapes()
        .forEach(
            (name, shape) -> file.put(name, floats(shape, checkpoint.parameters().values(name))));
    return file.put("lm_head.weight", file.get("token_embedding.weight"));
  }

  static Tensor floats(Shape shape, FloatBuffer values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor("FloatStorage", shape, bytes.array());
  }

  static Tensor tensor(String type, Shape shape, byte[] storage) {
    ArrayDeque<Long> strides = new ArrayDeque<>();
    long stride = 1;
    for (int size : Lists.reverse(Ints.asList(shape.toArray()))) {
      strides.addFirst(stride);
      stride *= size;
    }
    List<Long> sizes = Arrays.stream(shape.toArray()).mapToObj(Long::valueOf).toList();
    return new Tensor(type, shape.size(), 0, sizes, List.copyOf(strides), ByteBuffer.wrap(storage));
  }

  Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(name);
    }
    return tensor;
  }

  TorchFile put(String name, Tensor tensor) {
    tensors.put(name, tensor);
    return this;
  }

  TorchFile remove(String name) {
    tensors.remove(name);
    return this;
  }

  TorchFile entry(String name, String text) {
    entries.put(name, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  TorchFile compressed() {
    method = ZipEntry.DEFLATED;
    return this;
  }

  /** Writes {@code {"epoch": 3, "model_state_dict": …}}. */
  Path writeNested(Path file) throws IOException {
    Pickle pickle = new Pickle();
    pickle.raw("}(").text("epoch").raw("K\u0003").text("model_state_dict");
    stateDict(pickle);
    return write(file, pickle.raw("u.").bytes());
  }

  /** Puts something in front of the names of all tensors. */
  TorchFile prefixed(String prefix) {
    Map<String, Tensor> before = new LinkedHashMap<>(tensors);
    tensors.clear();
    before.forEach((name, tensor) -> tensors.put(prefix + name, tensor));
    return this;
  }

  /**
   * Writes the state dict under keys, each in the dict of the one before.
   *
   * @param beside the instructions of what stands beside it, or nothing
   */
  Path writeUnder(Path file, String beside, String... keys) throws IOException {
    Pickle pickle = new Pickle();
    for (String key : keys) {
      pickle.raw("}(");
      if (!beside.isEmpty()) {
        pickle.text("beside").raw(beside);
      }
      pickle.text(key);
    }
    stateDict(pickle);
    return write(file, pickle.raw("u".repeat(keys.length)).raw(".").bytes());
  }

  /** Writes the state dict alone. */
  Path writeBare(Path file) throws IOException {
    Pickle pickle = new Pickle();
    stateDict(pickle);
    return write(file, pickle.raw(".").bytes());
  }

  /** Writes a file whose pickle is anything at all. */
  Path write(Path file, byte[] pickle) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      add(zip, "archive/data.pkl", pickle);
      int key = 0;
      for (Tensor tensor : tensors.values()) {
        add(zip, "archive/data/" + key++, tensor.storage().array());
      }
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        add(zip, entry.getKey(), entry.getValue());
      }
    }
    return file;
  }

  private void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(method);
    CRC32 sum = new CRC32();
    sum.update(bytes);
    entry.setCrc(sum.getValue());
    entry.setSize(bytes.length);
    zip.putNextEntry(entry);
    zip.write(bytes);
  }

  /** An ordered dict with attributes, of tensors, one of them a parameter. */
  private void stateDict(Pickle pickle) {
    pickle.global("collections", "OrderedDict").raw(")R(");
    int key = 0;
    for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
      pickle.text(named.getKey());
      boolean parameter = named.getKey().endsWith("ln_f.weight");
      if (parameter) {
        pickle.global("torch._utils", "_rebuild_parameter").raw("(");
      }
      Tensor tensor = named.getValue();
      pickle.global("torch._utils", "_rebuild_tensor_v2").raw("((").text("storage");
      pickle.global("torch", tensor.type()).text(Integer.toString(key++)).text("cpu");
      pickle.number(tensor.length()).raw("tQ").number(tensor.offset());
      pickle.numbers(tensor.sizes()).numbers(tensor.strides()).raw("\u0089");
      pickle.global("collections", "OrderedDict").raw(")RtR");
      if (parameter) {
        pickle.raw("\u0088").global("collections", "OrderedDict").raw(")RtR");
      }
    }
    pickle.raw("u}").text("_metadata").global("collections", "OrderedDict").raw(")Rsb");
  }

  /** The few instructions of the pickle format these files need. */
  static final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pickle() {
      out.write(PROTO);
      out.write(2);
    }

    Pickle raw(String instructions) {
      out.writeBytes(instructions.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    }

    Pickle global(String module, String name) {
      return raw("c" + module + "\n" + name + "\n");
    }

    Pickle text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.write('X');
      out.writeBytes(littleEndian(4, bytes.length));
      out.writeBytes(bytes);
      return this;
    }

    Pickle number(long number) {
      raw("\u008a\u0008");
      out.writeBytes(littleEndian(8, number));
      return this;
    }

    Pickle numbers(List<Long> numbers) {
      raw("(");
      numbers.forEach(this::number);
      return raw("t");
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private static byte[] littleEndian(int bytes, long number) {
      return Arrays.copyOf(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array(), bytes);
    }
  }
}
