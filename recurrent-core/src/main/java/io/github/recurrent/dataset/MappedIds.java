package io.github.recurrent.dataset;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Ids in a file that is mapped to memory: the system keeps in memory what is used and has room. The
 * file is unmapped when nothing refers to this any more.
 */
final class MappedIds implements IdRows {
  /** The ids of a segment: a buffer holds less than 2 GiB. */
  private static final int SEGMENT_BITS = 28;

  private final IntBuffer[] segments;
  private final int segmentBits;
  private final long length;

  private MappedIds(IntBuffer[] segments, int segmentBits, long length) {
    this.segments = segments;
    this.segmentBits = segmentBits;
    this.length = length;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public int id(long index) {
    return segments[(int) (index >>> segmentBits)].get((int) index & ((1 << segmentBits) - 1));
  }

  @Override
  public void copy(long from, int[] target, int start, int count) {
    for (int i = 0; i < count; i++) {
      target[start + i] = id(from + i);
    }
  }

  /** Writes ids to a file. Not thread-safe. */
  static final class Writer implements Closeable {
    private final Path file;
    private final DataOutputStream out;
    private long length;

    /**
     * @param file which must not be there yet
     */
    Writer(Path file) throws IOException {
      this.file = file;
      out =
          new DataOutputStream(
              new BufferedOutputStream(
                  Files.newOutputStream(
                      file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                  1 << 16));
    }

    void add(int id) throws IOException {
      out.writeInt(id);
      length++;
    }

    long length() {
      return length;
    }

    /** Ends the file and maps it; whatever is added later is lost. */
    MappedIds map() throws IOException {
      return map(SEGMENT_BITS);
    }

    /**
     * @param segmentBits of the number of ids that are mapped at a time
     */
    MappedIds map(int segmentBits) throws IOException {
      out.flush();
      int count = (int) ((length + (1L << segmentBits) - 1) >> segmentBits);
      IntBuffer[] segments = new IntBuffer[count];
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        for (int segment = 0; segment < count; segment++) {
          long first = (long) segment << segmentBits;
          long ids = Math.min(1L << segmentBits, length - first);
          segments[segment] =
              channel
                  .map(MapMode.READ_ONLY, first * Integer.BYTES, ids * Integer.BYTES)
                  .asIntBuffer();
        }
      }
      return new MappedIds(segments, segmentBits, length);
    }

    /** Closes the file; what is mapped stays so. */
    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
