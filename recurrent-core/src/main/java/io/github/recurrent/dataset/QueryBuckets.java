package io.github.recurrent.dataset;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Queries of one number of hops in a temporary file, parted by the high bits of their keys: all in
 * one bucket come before all in the next, and equal ones meet in one bucket. A bucket at a time
 * fits in memory. What comes out depends on neither the number of buckets nor the order in which
 * queries come. Adding and reading are thread-safe, but not at the same time.
 */
final class QueryBuckets implements AutoCloseable {
  /** What a bucket should take in memory when it is read. */
  static final long BUCKET_BYTES = 8 << 20;

  private static final int MAX_BITS = 13;
  private static final long BUFFER_BYTES = 32 << 20;
  private static final int MAX_CHUNK_BYTES = 64 << 10;

  private final Path file;
  private final RandomAccessFile chunks;
  private final int stride;
  private final QueryKeys keys;
  private final int bits;
  private final Bucket[] buckets;
  private final int chunkRows;

  /** Chunks of the file that hold nothing that is still wanted. */
  private final ArrayDeque<Integer> free = new ArrayDeque<>();

  private int chunkCount;

  private QueryBuckets(
      Path file, RandomAccessFile chunks, int stride, QueryKeys keys, int bits, int chunkRows) {
    this.file = file;
    this.chunks = chunks;
    this.stride = stride;
    this.keys = keys;
    this.bits = bits;
    this.chunkRows = chunkRows;
    this.buckets = Stream.generate(Bucket::new).limit(1L << bits).toArray(Bucket[]::new);
  }

  /**
   * Creates a file, which is deleted when this is closed.
   *
   * @param stride the number of ids of a query
   * @param expected about how many queries are going to be added
   * @param bucketBytes what a bucket should take in memory when it is read
   */
  static QueryBuckets create(Path file, int stride, QueryKeys keys, long expected, long bucketBytes)
      throws IOException {
    // Rows while they grow or are sorted, their table and their order.
    long bytes = expected * (3L * Integer.BYTES * stride + 32);
    int bits = 0;
    while (bits < MAX_BITS && bytes >> bits > bucketBytes) {
      bits++;
    }
    long chunkBytes = Math.min(MAX_CHUNK_BYTES, BUFFER_BYTES >> bits);
    int chunkRows = (int) Math.max(1, chunkBytes / (Integer.BYTES * (long) stride));
    Files.createFile(file);
    try {
      return new QueryBuckets(
          file, new RandomAccessFile(file.toFile(), "rw"), stride, keys, bits, chunkRows);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private final class Bucket {
    private int[] full = new int[4];
    private int fullCount;
    private int[] buffer = new int[0];
    private int buffered;

    synchronized void add(int[] rows, int start) throws IOException {
      if (buffer.length == 0) {
        buffer = new int[chunkRows * stride];
      }
      System.arraycopy(rows, start, buffer, buffered, stride);
      buffered += stride;
      if (buffered == buffer.length) {
        if (fullCount == full.length) {
          full = Arrays.copyOf(full, 2 * fullCount);
        }
        full[fullCount++] = write(buffer);
        buffered = 0;
      }
    }

    synchronized long rows() {
      return (long) fullCount * chunkRows + buffered / stride;
    }

    synchronized DistinctQueries read() throws IOException {
      DistinctQueries distinct =
          new DistinctQueries(stride, keys, (int) Math.min(Integer.MAX_VALUE, rows()));
      int[] chunk = new int[chunkRows * stride];
      for (int i = 0; i < fullCount; i++) {
        QueryBuckets.this.read(full[i], chunk);
        for (int start = 0; start < chunk.length; start += stride) {
          distinct.add(chunk, start);
        }
      }
      for (int start = 0; start < buffered; start += stride) {
        distinct.add(buffer, start);
      }
      return distinct;
    }

    synchronized void clear() {
      release(full, fullCount);
      fullCount = 0;
      buffered = 0;
    }

    /** Leaves out what repeats another query, and returns how many there are. */
    synchronized int dropRepeated() throws IOException {
      DistinctQueries distinct = read();
      if (distinct.size() < rows()) {
        clear();
        int[] rows = distinct.rows();
        for (int start = 0; start < rows.length; start += stride) {
          add(rows, start);
        }
      }
      return distinct.size();
    }
  }

  private int write(int[] rows) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(rows.length * Integer.BYTES);
    bytes.asIntBuffer().put(rows);
    synchronized (chunks) {
      int chunk = free.isEmpty() ? chunkCount++ : free.pop();
      chunks.seek((long) chunk * bytes.capacity());
      chunks.write(bytes.array());
      return chunk;
    }
  }

  private void read(int chunk, int[] rows) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(rows.length * Integer.BYTES);
    synchronized (chunks) {
      chunks.seek((long) chunk * bytes.capacity());
      chunks.readFully(bytes.array());
    }
    bytes.asIntBuffer().get(rows);
  }

  private void release(int[] full, int count) {
    synchronized (chunks) {
      for (int i = 0; i < count; i++) {
        free.push(full[i]);
      }
    }
  }

  /** Adds a query, which may be there already. */
  void add(int[] rows, int start) throws IOException {
    long key = keys.key(rows, start, start + stride);
    buckets[bits == 0 ? 0 : (int) (key >>> (Long.SIZE - bits))].add(rows, start);
  }

  /** Returns the number of buckets. */
  int count() {
    return buckets.length;
  }

  /** Removes all queries. */
  void clear() {
    for (Bucket bucket : buckets) {
      bucket.clear();
    }
  }

  /** Leaves out what repeats another query, and returns how many there are. */
  long dropRepeated() throws IOException {
    long distinct = 0;
    for (int size : InOrder.run(0, buckets.length, bucket -> buckets[bucket].dropRepeated())) {
      distinct += size;
    }
    return distinct;
  }

  /** Returns a query that was added more than once; an empty array if none was. */
  int[] repeated() throws IOException {
    for (int[] repeated :
        InOrder.run(0, buckets.length, bucket -> buckets[bucket].read().repeated())) {
      if (repeated.length > 0) {
        return repeated;
      }
    }
    return new int[0];
  }

  /** Returns the distinct queries of a bucket in the order of their keys. */
  int[] sorted(int bucket) throws IOException {
    return buckets[bucket].read().sorted();
  }

  @Override
  public void close() throws IOException {
    try {
      chunks.close();
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
