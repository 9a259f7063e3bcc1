package io.github.recurrent.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class IndexedPngTest {
  @Test
  void aPictureOfFewColorsKeepsThemAll() throws IOException {
    BufferedImage few = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < 256; pixel++) {
      few.setRGB(pixel % 16, pixel / 16, pixel * 0x010305);
    }

    BufferedImage after = ImageIO.read(new ByteArrayInputStream(written(few)));

    for (int pixel = 0; pixel < 256; pixel++) {
      assertThat(after.getRGB(pixel % 16, pixel / 16))
          .isEqualTo(few.getRGB(pixel % 16, pixel / 16));
    }
  }

  @Test
  void ofManyColorsTheCommonestStayAndOthersTakeTheNearest() throws IOException {
    BufferedImage many = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    SplittableRandom random = new SplittableRandom(7);
    for (int pixel = 0; pixel < 64 * 64; pixel++) {
      boolean rare = pixel % 64 == 0;
      int shade = random.nextInt(128);
      many.setRGB(pixel % 64, pixel / 64, rare ? 0xff0000 + shade : 0x020202 * shade);
    }

    byte[] file = written(many);
    BufferedImage after = ImageIO.read(new ByteArrayInputStream(file));

    for (int pixel = 0; pixel < 64 * 64; pixel++) {
      int before = many.getRGB(pixel % 64, pixel / 64);
      if (pixel % 64 != 0) {
        assertThat(after.getRGB(pixel % 64, pixel / 64)).isEqualTo(before);
      }
    }
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    ImageIO.write(many, "png", plain);
    assertThat(file.length).isLessThan(plain.size());
  }

  private static byte[] written(BufferedImage picture) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    IndexedPng.write(picture, out);
    return out.toByteArray();
  }
}
