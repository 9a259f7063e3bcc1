package io.github.recurrent.tf.listener;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes TensorFlow's record format: length, its checksum, the bytes, their checksum. A record is
 * there as a whole or not at all: readers stop at a torn one. Not thread-safe.
 */
final class RecordStream implements AutoCloseable {
  private static final int MASK_DELTA = 0xa282ead8;

  private final Opening opening;
  private @Nullable SeekableByteChannel channel;
  private long whole;

  /** Opens the file to write, which keeps what it holds. */
  @FunctionalInterface
  interface Opening {
    SeekableByteChannel open() throws IOException;
  }

  /** Returns a stream that begins a file, and opens it anew once a write has failed. */
  static RecordStream to(Opening opening) throws IOException {
    RecordStream stream = new RecordStream(opening);
    stream.channel = opening.open();
    return stream;
  }

  private RecordStream(Opening opening) {
    this.opening = opening;
  }

  /**
   * Writes one record.
   *
   * @throws IOException if it cannot be written; what is there of it is cut off, at the latest
   *     before the next record
   */
  void write(byte[] record) throws IOException {
    byte[] length = little(Long.BYTES).putLong(record.length).array();
    ByteBuffer bytes =
        little(length.length + record.length + 2 * Integer.BYTES)
            .put(length)
            .putInt(maskedChecksum(length))
            .put(record)
            .putInt(maskedChecksum(record))
            .flip();
    SeekableByteChannel out = channel == null ? reopened() : channel;
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      whole += bytes.limit();
    } catch (IOException e) {
      channel = null;
      try (out) {
        out.truncate(whole);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private SeekableByteChannel reopened() throws IOException {
    SeekableByteChannel out = opening.open();
    try {
      out.truncate(whole).position(whole);
    } catch (IOException e) {
      try (out) {
        throw e;
      }
    }
    channel = out;
    return out;
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Checksums of data that holds checksums are weak, so that the format turns and shifts them. */
  private static int maskedChecksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
