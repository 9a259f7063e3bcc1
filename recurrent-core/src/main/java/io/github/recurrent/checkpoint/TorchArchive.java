package io.github.recurrent.checkpoint;

import io.github.recurrent.file.FileFormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The zip file of a PyTorch checkpoint: a pickle and one entry per storage, none compressed. */
final class TorchArchive implements AutoCloseable {
  private static final String PICKLE = "data.pkl";

  /** Tensors are elsewhere: those of a large model take a hundredth of it. */
  private static final int LARGEST_PICKLE = 16 << 20;

  private final Path file;
  private final ZipFile zip;
  private final String folder;
  private String lastEntry = "";
  private ByteBuffer lastStorage = ByteBuffer.allocate(0);

  private TorchArchive(Path file, ZipFile zip, String folder) {
    this.file = file;
    this.zip = zip;
    this.folder = folder;
  }

  static TorchArchive open(Path file) throws IOException {
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new FileFormatException(
          file, "no complete zip file, as torch.save writes since PyTorch 1.6", e);
    }
    try {
      List<String> pickles =
          zip.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
              .limit(3)
              .toList();
      if (pickles.size() != 1) {
        throw new FileFormatException(
            file, "must hold one " + PICKLE + ", as torch.save writes, but holds " + pickles);
      }
      String folder = pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
      TorchArchive archive = new TorchArchive(file, zip, folder);
      archive.checkByteOrder();
      return archive;
    } catch (IllegalArgumentException e) {
      zip.close();
      throw new FileFormatException(file, "its list of entries is damaged", e);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  byte[] pickle() throws IOException {
    long size = entry(PICKLE).getSize();
    if (size > LARGEST_PICKLE) {
      throw new FileFormatException(
          file,
          PICKLE
              + " has "
              + size
              + " bytes, but a checkpoint with everything saved in it has at most "
              + LARGEST_PICKLE);
    }
    return bytes(PICKLE);
  }

  /**
   * Returns the values of a tensor in row-major order.
   *
   * @param name the tensor's name, for messages
   */
  float[] values(String name, TorchTensor tensor) throws IOException {
    if (!tensor.type().isFloating()) {
      throw new FileFormatException(
          file, name + " is in a " + tensor.type().torchName() + ", but must hold floats");
    }
    String defect = tensor.defect();
    if (!defect.isEmpty()) {
      throw new FileFormatException(file, name + " " + defect);
    }
    String entry = "data/" + tensor.storage();
    long found = entry(entry).getSize();
    int valueBytes = tensor.type().valueBytes();
    if (found % valueBytes != 0 || found / valueBytes != tensor.storageLength()) {
      throw new FileFormatException(
          file,
          name
              + " is in a "
              + tensor.type().torchName()
              + " of "
              + tensor.storageLength()
              + " values, but "
              + entry
              + " has "
              + found
              + " bytes");
    }
    ByteBuffer storage = storage(entry);
    int values = tensor.shape().size();
    float[] read = new float[values];
    for (int i = 0; i < values; i++) {
      read[i] = tensor.type().value(storage, Math.toIntExact(tensor.storageIndex(i)));
    }
    return read;
  }

  /** Many tensors may be views of one storage, which is read once while they follow each other. */
  private ByteBuffer storage(String entry) throws IOException {
    if (!entry.equals(lastEntry)) {
      lastStorage = ByteBuffer.wrap(bytes(entry)).order(ByteOrder.LITTLE_ENDIAN);
      lastEntry = entry;
    }
    return lastStorage;
  }

  private void checkByteOrder() throws IOException {
    if (zip.getEntry(folder + "byteorder") == null) {
      return;
    }
    String order = new String(bytes("byteorder"), StandardCharsets.US_ASCII).strip();
    if (!order.equals("little")) {
      throw new FileFormatException(
          file, "its byte order is \"" + order + "\", but must be \"little\"");
    }
  }

  private ZipEntry entry(String name) throws IOException {
    ZipEntry entry = zip.getEntry(folder + name);
    if (entry == null) {
      throw new FileFormatException(file, "has no entry " + folder + name);
    }
    return entry;
  }

  private byte[] bytes(String name) throws IOException {
    ZipEntry entry = entry(name);
    // An entry that is not compressed is no larger than its file, so that few bytes cannot become
    // many.
    if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
      throw new FileFormatException(
          file, entry.getName() + " is compressed, which torch.save never does");
    }
    if (entry.getSize() > Integer.MAX_VALUE - 8) {
      throw new FileFormatException(
          file, entry.getName() + " has " + entry.getSize() + " bytes, more than can be read");
    }
    byte[] bytes;
    try (InputStream in = zip.getInputStream(entry)) {
      bytes = in.readNBytes((int) entry.getSize());
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw new FileFormatException(file, entry.getName() + " is damaged", e);
    }
    CRC32 sum = new CRC32();
    sum.update(bytes);
    if (bytes.length != entry.getSize() || sum.getValue() != entry.getCrc()) {
      throw new FileFormatException(
          file, entry.getName() + " is damaged: its checksum differs from the zip's");
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
