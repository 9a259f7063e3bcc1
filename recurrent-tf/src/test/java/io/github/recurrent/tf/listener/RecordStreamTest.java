package io.github.recurrent.tf.listener;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordStreamTest {
  @TempDir Path folder;

  private Path file;
  private boolean full;
  private boolean truncates = true;

  @BeforeEach
  void begin() throws IOException {
    file = Files.createFile(folder.resolve("events"));
  }

  @Test
  void aRecordThatDoesNotFitLeavesTheFileAsItWas() throws IOException {
    try (RecordStream records = RecordStream.to(this::open)) {
      write(records, "one");
      full = true;
      assertFails(records, "a record that does not fit");

      assertThat(records()).containsExactly("one");
    }
  }

  @Test
  void recordsGoOnOnceThereIsRoomAgain() throws IOException {
    try (RecordStream records = RecordStream.to(this::open)) {
      write(records, "one");
      full = true;
      assertFails(records, "a record that does not fit");
      assertFails(records, "nor does another");
      full = false;
      write(records, "2");

      assertThat(records()).containsExactly("one", "2");
    }
  }

  @Test
  void aTornRecordThatCouldNotBeCutOffIsReplaced() throws IOException {
    try (RecordStream records = RecordStream.to(this::open)) {
      write(records, "one");
      full = true;
      truncates = false;
      assertFails(records, "a record that does not fit");
      full = false;
      truncates = true;
      write(records, "2");

      assertThat(records()).containsExactly("one", "2");
    }
  }

  @Test
  void anInterruptThatClosesTheFileLosesNoLaterRecord() throws IOException {
    try (RecordStream records = RecordStream.to(this::open)) {
      write(records, "one");
      Thread.currentThread().interrupt();
      try {
        assertFails(records, "interrupted");
      } finally {
        Thread.interrupted();
      }
      write(records, "2");

      assertThat(records()).containsExactly("one", "2");
    }
  }

  private static void write(RecordStream records, String text) throws IOException {
    records.write(text.getBytes(UTF_8));
  }

  private static void assertFails(RecordStream records, String text) {
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> write(records, text));
  }

  private List<String> records() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<String> records = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] record = new byte[(int) bytes.getLong()];
      bytes.getInt();
      bytes.get(record);
      bytes.getInt();
      records.add(new String(record, UTF_8));
    }
    return records;
  }

  /** Opens the file on a disk that, when full, takes all bytes but the last. */
  private SeekableByteChannel open() throws IOException {
    return new Disk(Files.newByteChannel(file, StandardOpenOption.WRITE));
  }

  private final class Disk implements SeekableByteChannel {
    private final SeekableByteChannel channel;

    Disk(SeekableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (!full) {
        return channel.write(bytes);
      }
      channel.write(bytes.slice(bytes.position(), bytes.remaining() - 1));
      throw new IOException("No space left on device");
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      if (!truncates) {
        throw new IOException("No space left on device");
      }
      channel.truncate(size);
      return this;
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      channel.position(position);
      return this;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      return channel.read(bytes);
    }

    @Override
    public long position() throws IOException {
      return channel.position();
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
