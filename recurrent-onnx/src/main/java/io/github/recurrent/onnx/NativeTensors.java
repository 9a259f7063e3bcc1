package io.github.recurrent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Inputs or outputs of runs, in native memory that is used again from one set to the next, so that
 * runs neither copy nor allocate them, nor leave memory to the garbage collector. Not thread-safe.
 */
final class NativeTensors implements AutoCloseable {
  /** The bytes that memory has beyond what is asked for, so that a little more needs no other. */
  private static final long LEAST_ROOM = 1 << 12;

  private static final long MOST_ROOM = 1 << 24;

  private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
  private ByteBuffer memory = ByteBuffer.allocateDirect(0);

  /**
   * Begins a new set of tensors; those before are gone.
   *
   * @param bytes at least the size of all
   */
  void begin(long bytes) {
    close();
    if (bytes > memory.capacity()) {
      long roomy = bytes + Math.max(LEAST_ROOM, Math.min(bytes, MOST_ROOM));
      memory =
          ByteBuffer.allocateDirect(
              Math.toIntExact(Math.max(bytes, Math.min(roomy, Integer.MAX_VALUE))));
    }
    memory.clear();
  }

  /** Adds a tensor of 64-bit integers, which are still to be written. */
  LongBuffer longs(String name, long... shape) throws OrtException {
    LongBuffer values = take(Long.BYTES * size(shape)).asLongBuffer();
    tensors.put(
        name, OnnxTensor.createTensor(NativeRuntime.environment(), values.duplicate(), shape));
    return values;
  }

  /** Adds a tensor of 32-bit floats, which are still to be written. */
  FloatBuffer floats(String name, long... shape) throws OrtException {
    FloatBuffer values = take(Float.BYTES * size(shape)).asFloatBuffer();
    tensors.put(
        name, OnnxTensor.createTensor(NativeRuntime.environment(), values.duplicate(), shape));
    return values;
  }

  private ByteBuffer take(long bytes) {
    int length = Math.toIntExact(bytes);
    ByteBuffer taken = memory.slice(memory.position(), length).order(ByteOrder.nativeOrder());
    memory.position(memory.position() + length);
    return taken;
  }

  static long size(long... shape) {
    long size = 1;
    for (long length : shape) {
      size = Math.multiplyExact(size, length);
    }
    return size;
  }

  /** Returns the tensors of this set, by name. */
  Map<String, OnnxTensor> tensors() {
    return tensors;
  }

  /** Lets go of the tensors; their memory stays for others. */
  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
    tensors.clear();
  }
}
