package io.github.recurrent.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexedPngTest {
  @TempDir Path folder;

  @Test
  void aDrawingGetsMuchSmallerAndLooksAsBefore() throws IOException {
    Path file = folder.resolve("curves.png");
    double[] x = IntStream.range(0, 40).asDoubleStream().toArray();
    double[] y = IntStream.range(0, 40).mapToDouble(Math::sin).toArray();
    Curves.titled("Curves").axes("x", "y").curve("one", x, y).write(file);
    BufferedImage before = ImageIO.read(file.toFile());
    long size = Files.size(file);

    IndexedPng.shrink(file);

    assertThat(Files.size(file)).isLessThan(size * 2 / 3);
    BufferedImage after = ImageIO.read(file.toFile());
    assertThat(after.getWidth()).isEqualTo(before.getWidth());
    int greatest = 0;
    for (int column = 0; column < before.getWidth(); column++) {
      for (int row = 0; row < before.getHeight(); row++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          greatest =
              Math.max(
                  greatest,
                  Math.abs(
                      ((before.getRGB(column, row) >> shift) & 0xff)
                          - ((after.getRGB(column, row) >> shift) & 0xff)));
        }
      }
    }
    assertThat(greatest).isLessThan(40);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aPictureOfFewColoursKeepsThemAll() throws IOException {
    Path file = folder.resolve("few.png");
    BufferedImage few = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < 256; pixel++) {
      few.setRGB(pixel % 16, pixel / 16, pixel * 0x010305);
    }
    ImageIO.write(few, "png", file.toFile());

    IndexedPng.shrink(file);

    BufferedImage after = ImageIO.read(file.toFile());
    for (int pixel = 0; pixel < 256; pixel++) {
      assertThat(after.getRGB(pixel % 16, pixel / 16))
          .isEqualTo(few.getRGB(pixel % 16, pixel / 16));
    }
  }

  @Test
  void whatIsNoPictureIsRefusedAndStays() throws IOException {
    Path file = Files.writeString(folder.resolve("text.png"), "text");

    assertThatThrownBy(() -> IndexedPng.shrink(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no picture");
    assertThat(file).hasContent("text");
  }
}
