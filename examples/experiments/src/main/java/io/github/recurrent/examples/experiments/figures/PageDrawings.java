package io.github.recurrent.examples.experiments.figures;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.recurrent.chart.Drawing;
import io.github.recurrent.report.HtmlPage.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Drawings as pictures on a page, by way of a temporary folder. */
final class PageDrawings implements AutoCloseable {
  private final Path folder;

  PageDrawings() throws IOException {
    folder = Files.createTempDirectory("recurrent-report");
  }

  /** Returns a section with one more picture. */
  Section add(Section section, Drawing drawing, String alternative, String caption)
      throws IOException {
    Path file = folder.resolve("picture.png");
    drawing.write(file);
    return section.picture(file, alternative, caption);
  }

  @Override
  public void close() throws IOException {
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
