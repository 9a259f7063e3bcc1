package io.github.recurrent.chart;

import com.google.common.primitives.ImmutableIntArray;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Makes the files of drawings small, for a repository or a page: a .png keeps its 256 commonest
 * colors, and what has others takes the nearest.
 */
final class IndexedPng {
  private static final int MOST_COLORS = 256;

  private IndexedPng() {}

  /** Writes a picture as a .png file. */
  static void write(BufferedImage picture, OutputStream out) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(0);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(indexed(picture), null, null), parameters);
    } finally {
      writer.dispose();
    }
  }

  private static BufferedImage indexed(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
    ImmutableIntArray palette = palette(pixels);
    int[] colors = palette.toArray();
    BufferedImage indexed =
        new BufferedImage(
            width,
            height,
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(Byte.SIZE, colors.length, colors, 0, false, -1, 0));
    Map<Integer, Integer> nearest = new HashMap<>();
    int[] indices =
        Arrays.stream(pixels)
            .map(pixel -> nearest.computeIfAbsent(pixel, one -> nearest(one, palette)))
            .toArray();
    indexed.getRaster().setSamples(0, 0, width, height, 0, indices);
    return indexed;
  }

  private static ImmutableIntArray palette(int[] pixels) {
    Map<Integer, Integer> counts = new HashMap<>();
    Arrays.stream(pixels).forEach(pixel -> counts.merge(pixel, 1, Integer::sum));
    return ImmutableIntArray.copyOf(
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<Integer, Integer>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(MOST_COLORS)
            .mapToInt(Map.Entry::getKey));
  }

  private static int nearest(int color, ImmutableIntArray palette) {
    int best = 0;
    for (int index = 1; index < palette.length(); index++) {
      if (distance(color, palette.get(index)) < distance(color, palette.get(best))) {
        best = index;
      }
    }
    return best;
  }

  private static int distance(int one, int other) {
    int distance = 0;
    for (int shift = 0; shift <= 16; shift += Byte.SIZE) {
      int difference = ((one >> shift) & 0xff) - ((other >> shift) & 0xff);
      distance += difference * difference;
    }
    return distance;
  }
}
