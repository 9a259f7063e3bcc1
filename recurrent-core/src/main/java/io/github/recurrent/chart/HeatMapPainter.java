package io.github.recurrent.chart;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.Ints;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.internal.chartpart.IChart;

/** Paints a heat map. */
final class HeatMapPainter implements IChart {
  private static final int GAP = 8;
  private static final int BAR_WIDTH = 18;
  private static final int SAMPLE = 34;
  private static final int[] STEPS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
  private static final Color EMPTY = new Color(0xeeeeee);
  private static final Font NUMBER = Picture.TEXT.deriveFont(12f);
  private static final double LEAST_APART = 26;
  private static final float[] ROW_DASH = {9, 5};
  private static final float[] COLUMN_DASH = {2, 4};

  private final HeatMapContent content;
  private final int width;
  private final int height;

  HeatMapPainter(HeatMapContent content, int width, int height) {
    this.content = content;
    this.width = width;
    this.height = height;
  }

  @Override
  public int getWidth() {
    return width;
  }

  @Override
  public int getHeight() {
    return height;
  }

  @Override
  public String getTitle() {
    return content.title();
  }

  @Override
  public void paint(Graphics2D graphics, int paintedWidth, int paintedHeight) {
    new Painting(graphics).paint();
  }

  /** What a line in the legend explains. */
  private enum Sample {
    ROW_LINE,
    COLUMN_LINE,
    MARK
  }

  private record Entry(Sample sample, String label) {}

  /** One painting: where everything is on it. */
  private final class Painting {
    private final Graphics2D graphics;
    private final FontMetrics text;
    private final List<List<Entry>> legend;
    private final boolean slanted;
    private final double left;
    private final double top;
    private final double plotWidth;
    private final double plotHeight;
    private final double cellWidth;
    private final double cellHeight;
    private final double apartWidth;

    Painting(Graphics2D graphics) {
      this.graphics = graphics;
      graphics.setFont(Picture.TEXT);
      text = graphics.getFontMetrics();
      legend = legend();
      left = Picture.PADDING + lineHeight() + GAP + widest(content.rowLabels()) + GAP;
      top = Picture.PADDING + lineHeight() + GAP;
      double right =
          2 * GAP + BAR_WIDTH + GAP + widest(scaleLabels()) + GAP + lineHeight() + Picture.PADDING;
      plotWidth = width - left - right;
      int columns = content.columnLabels().size();
      double equal = plotWidth / (columns + 1.4);
      apartWidth = content.apart().isPresent() ? Math.max(LEAST_APART, equal) : 0;
      double apartGap = content.apart().isPresent() ? GAP : 0;
      cellWidth = (plotWidth - apartWidth - apartGap) / columns;
      slanted =
          !areNumbers(content.columnLabels()) && widest(content.columnLabels()) + 4 > cellWidth;
      double labels =
          slanted
              ? widest(content.columnLabels()) * Math.sqrt(0.5) + lineHeight()
              : (double) lineHeight();
      double bottom =
          GAP
              + labels
              + lineHeight()
              + (legend.isEmpty() ? 0 : GAP)
              + legend.size() * (lineHeight() + 2)
              + Picture.PADDING;
      plotHeight = height - top - bottom;
      cellHeight = plotHeight / content.rowLabels().size();
    }

    private int lineHeight() {
      return text.getHeight();
    }

    private int widest(List<String> labels) {
      return labels.stream().mapToInt(text::stringWidth).max().orElse(0);
    }

    void paint() {
      graphics.setColor(Color.WHITE);
      graphics.fill(new Rectangle2D.Double(0, 0, width, height));
      paintTitle();
      paintCells();
      paintRowLabels();
      paintColumnLabels();
      paintScale();
      paintLines();
      paintMarks();
      paintLegend();
    }

    private void paintTitle() {
      graphics.setColor(Color.BLACK);
      Font font = Picture.TITLE;
      int wide = graphics.getFontMetrics(font).stringWidth(content.title());
      int room = width - 2 * Picture.PADDING;
      if (wide > room) {
        font = font.deriveFont(font.getSize2D() * room / wide);
        wide = room;
      }
      graphics.setFont(font);
      graphics.drawString(
          content.title(), (float) ((width - wide) / 2.0), Picture.PADDING + text.getAscent());
      graphics.setFont(Picture.TEXT);
    }

    private double x(double column) {
      return left + column * cellWidth;
    }

    private double y(double row) {
      return top + plotHeight - row * cellHeight;
    }

    private void paintCells() {
      for (int row = 0; row < content.values().size(); row++) {
        ImmutableDoubleArray values = content.values().get(row);
        for (int column = 0; column < values.length(); column++) {
          boolean last = column == values.length() - 1;
          paintCell(x(column), row, cellWidth, last ? 0 : 1, values.get(column));
        }
        if (content.apart().isPresent()) {
          paintCell(apartLeft(), row, apartWidth, 0, content.apart().get().values().get(row));
        }
      }
      graphics.setColor(Color.DARK_GRAY);
      graphics.setStroke(new BasicStroke(1));
      graphics.draw(
          new Rectangle2D.Double(left, top, x(content.columnLabels().size()) - left, plotHeight));
      if (content.apart().isPresent()) {
        graphics.draw(new Rectangle2D.Double(apartLeft(), top, apartWidth, plotHeight));
      }
    }

    private double apartLeft() {
      return left + plotWidth - apartWidth;
    }

    /**
     * @param beside how far the cell reaches below the next one, so that no light shines through
     */
    private void paintCell(double x, int row, double wide, double beside, double value) {
      double share = share(value);
      boolean empty = Double.isNaN(value);
      graphics.setColor(empty ? EMPTY : Viridis.color(share));
      double below = row == 0 ? 0 : 1;
      graphics.fill(new Rectangle2D.Double(x, y(row + 1), wide + beside, cellHeight + below));
      if (empty) {
        graphics.setColor(Color.GRAY);
        graphics.setStroke(new BasicStroke(0.7f));
        graphics.draw(new Line2D.Double(x, y(row), x + wide, y(row + 1)));
        return;
      }
      // Adding zero takes the sign from what rounds to zero.
      String number = String.format(Locale.ROOT, "%.2f", Math.rint(value * 100) / 100 + 0.0);
      FontMetrics metrics = graphics.getFontMetrics(NUMBER);
      if (metrics.stringWidth(number) + 6 <= wide && metrics.getAscent() + 4 <= cellHeight) {
        graphics.setFont(NUMBER);
        graphics.setColor(Viridis.readableOn(share));
        graphics.drawString(
            number,
            (float) (x + (wide - metrics.stringWidth(number)) / 2),
            (float) (y(row + 0.5) + metrics.getAscent() / 2.0 - 1));
        graphics.setFont(Picture.TEXT);
      }
    }

    private double share(double value) {
      return (value - content.least()) / (content.greatest() - content.least());
    }

    private void paintRowLabels() {
      graphics.setColor(Color.BLACK);
      List<String> labels = content.rowLabels();
      for (int row : shown(labels, lineHeight() / cellHeight)) {
        graphics.drawString(
            labels.get(row),
            (float) (left - GAP - text.stringWidth(labels.get(row))),
            (float) (y(row + 0.5) + text.getAscent() / 2.0 - 1));
      }
      drawUpwards(content.rowTitle(), Picture.PADDING + text.getAscent(), top + plotHeight / 2);
    }

    private void paintColumnLabels() {
      graphics.setColor(Color.BLACK);
      List<String> labels = content.columnLabels();
      double under = top + plotHeight + GAP + text.getAscent();
      double needed = slanted ? lineHeight() : widest(labels) + GAP;
      for (int column : shown(labels, needed / cellWidth)) {
        paintColumnLabel(labels.get(column), x(column + 0.5), under);
      }
      content
          .apart()
          .ifPresent(
              apart -> drawCentered(apart.label(), apartLeft() + apartWidth / 2, (float) under));
      double depth =
          slanted ? widest(labels) * Math.sqrt(0.5) + lineHeight() : (double) lineHeight();
      drawCentered(
          content.columnTitle(),
          (left + x(labels.size())) / 2,
          (float) (top + plotHeight + GAP + depth + text.getAscent()));
    }

    private void paintColumnLabel(String label, double x, double y) {
      if (!slanted) {
        drawCentered(label, x, (float) y);
        return;
      }
      AffineTransform before = graphics.getTransform();
      graphics.translate(x + text.getAscent() / 2.0, y - text.getAscent() / 2.0);
      graphics.rotate(-Math.PI / 4);
      graphics.drawString(label, -text.stringWidth(label), 0);
      graphics.setTransform(before);
    }

    private void drawCentered(String label, double x, float y) {
      graphics.drawString(label, (float) (x - text.stringWidth(label) / 2.0), y);
    }

    private void drawUpwards(String label, double x, double middle) {
      AffineTransform before = graphics.getTransform();
      graphics.translate(x, middle + text.stringWidth(label) / 2.0);
      graphics.rotate(-Math.PI / 2);
      graphics.drawString(label, 0, 0);
      graphics.setTransform(before);
    }

    private void paintScale() {
      double x = left + plotWidth + 2 * GAP;
      int slices = 128;
      double slice = plotHeight / slices;
      for (int index = 0; index < slices; index++) {
        graphics.setColor(Viridis.color((index + 0.5) / slices));
        graphics.fill(
            new Rectangle2D.Double(
                x,
                top + plotHeight - (index + 1) * slice,
                BAR_WIDTH,
                slice + (index == 0 ? 0 : 1)));
      }
      graphics.setColor(Color.DARK_GRAY);
      graphics.setStroke(new BasicStroke(1));
      graphics.draw(new Rectangle2D.Double(x, top, BAR_WIDTH, plotHeight));
      graphics.setColor(Color.BLACK);
      List<String> labels = scaleLabels();
      for (int index = 0; index < labels.size(); index++) {
        double y = top + plotHeight * (1 - (double) index / (labels.size() - 1));
        graphics.draw(new Line2D.Double(x + BAR_WIDTH, y, x + BAR_WIDTH + 4, y));
        graphics.drawString(
            labels.get(index),
            (float) (x + BAR_WIDTH + GAP),
            (float) (y + text.getAscent() / 2.0 - 2));
      }
      drawUpwards(
          content.valueTitle(), width - Picture.PADDING - text.getDescent(), top + plotHeight / 2);
    }

    private List<String> scaleLabels() {
      List<String> labels = new ArrayList<>();
      for (int index = 0; index <= 5; index++) {
        double value = content.least() + (content.greatest() - content.least()) * index / 5;
        labels.add(String.format(Locale.ROOT, "%.4g", value).replaceFirst("\\.?0+$", ""));
      }
      return labels;
    }

    private void paintLines() {
      content
          .rowLine()
          .ifPresent(
              line ->
                  paintLine(
                      new Line2D.Double(left, y(line.before()), left + plotWidth, y(line.before())),
                      ROW_DASH));
      content
          .columnLine()
          .ifPresent(
              line ->
                  paintLine(
                      new Line2D.Double(x(line.before()), top, x(line.before()), top + plotHeight),
                      COLUMN_DASH));
    }

    /** Black on white, so that it is seen on every color of the scale. */
    private void paintLine(Line2D line, float[] dash) {
      graphics.setColor(Color.WHITE);
      graphics.setStroke(new BasicStroke(4, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
      graphics.draw(line);
      graphics.setColor(Color.BLACK);
      graphics.setStroke(
          new BasicStroke(2.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dash, 0));
      graphics.draw(line);
    }

    private void paintMarks() {
      content
          .marks()
          .ifPresent(
              marks -> {
                for (int row = 0; row < marks.columns().length(); row++) {
                  double column = marks.columns().get(row);
                  if (column >= -0.5 && column <= content.columnLabels().size() - 0.5) {
                    paintMark(x(column + 0.5), y(row + 0.5));
                  }
                }
              });
    }

    private void paintMark(double x, double y) {
      double radius = Math.max(2.5, Math.min(5, cellHeight / 2 - 1));
      Ellipse2D circle = new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
      graphics.setColor(Color.WHITE);
      graphics.fill(circle);
      graphics.setColor(Color.BLACK);
      graphics.setStroke(new BasicStroke(1.4f));
      graphics.draw(circle);
    }

    private List<List<Entry>> legend() {
      List<Entry> entries = new ArrayList<>();
      content.rowLine().ifPresent(line -> entries.add(new Entry(Sample.ROW_LINE, line.label())));
      content
          .columnLine()
          .ifPresent(line -> entries.add(new Entry(Sample.COLUMN_LINE, line.label())));
      content.marks().ifPresent(marks -> entries.add(new Entry(Sample.MARK, marks.label())));
      List<List<Entry>> lines = new ArrayList<>();
      int room = 0;
      for (Entry entry : entries) {
        int wide = entryWidth(entry);
        if (wide > room) {
          lines.add(new ArrayList<>());
          room = width - 2 * Picture.PADDING;
        }
        lines.get(lines.size() - 1).add(entry);
        room -= wide;
      }
      return lines;
    }

    private int entryWidth(Entry entry) {
      return SAMPLE + GAP + text.stringWidth(entry.label()) + 3 * GAP;
    }

    private void paintLegend() {
      double y = height - Picture.PADDING - legend.size() * (lineHeight() + 2.0);
      for (List<Entry> line : legend) {
        int wide = line.stream().mapToInt(this::entryWidth).sum() - 3 * GAP;
        double x = (width - wide) / 2.0;
        for (Entry entry : line) {
          paintEntry(entry, x, y + text.getAscent());
          x += entryWidth(entry);
        }
        y += lineHeight() + 2.0;
      }
    }

    private void paintEntry(Entry entry, double x, double base) {
      double middle = base - text.getAscent() / 2.0 + 2;
      switch (entry.sample()) {
        case ROW_LINE -> paintLine(new Line2D.Double(x, middle, x + SAMPLE, middle), ROW_DASH);
        case COLUMN_LINE ->
            paintLine(new Line2D.Double(x, middle, x + SAMPLE, middle), COLUMN_DASH);
        case MARK -> paintMark(x + SAMPLE / 2.0, middle);
      }
      graphics.setColor(Color.BLACK);
      graphics.drawString(entry.label(), (float) (x + SAMPLE + GAP), (float) base);
    }
  }

  private static boolean areNumbers(List<String> labels) {
    return labels.stream().allMatch(label -> Ints.tryParse(label) != null);
  }

  /**
   * Returns the labels there is room for: of numbers the round ones and the first, else every
   * so-manieth.
   *
   * @param needed how many labels' room one needs
   */
  private static List<Integer> shown(List<String> labels, double needed) {
    int step = 1;
    for (int candidate : STEPS) {
      step = candidate;
      if (candidate >= needed) {
        break;
      }
    }
    boolean numbers = areNumbers(labels);
    List<Integer> shown = new ArrayList<>();
    for (int index = 0; index < labels.size(); index++) {
      int number = numbers ? Integer.parseInt(labels.get(index)) : index;
      if (number % step == 0) {
        shown.add(index);
      }
    }
    if (!shown.isEmpty() && shown.get(0) >= needed) {
      shown.add(0, 0);
    }
    return shown;
  }
}
