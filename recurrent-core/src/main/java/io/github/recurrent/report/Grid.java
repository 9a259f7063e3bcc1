package io.github.recurrent.report;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.evaluation.Report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table on a page. Its first columns name the rows. Immutable and thread-safe. */
final class Grid implements Content {
  private static final String NOTHING = "–";

  private final String caption;
  private final int names;
  private final ImmutableList<String> columns;
  private final ImmutableList<ImmutableList<String>> rows;

  private Grid(
      String caption,
      int names,
      ImmutableList<String> columns,
      ImmutableList<ImmutableList<String>> rows) {
    this.caption = caption;
    this.names = names;
    this.columns = columns;
    this.rows = rows;
  }

  static Grid of(String caption, List<String> columns, List<? extends List<String>> rows) {
    checkArgument(!caption.isBlank(), "a table needs a caption");
    checkArgument(!columns.isEmpty(), "the table \"%s\" needs columns", caption);
    for (List<String> cells : rows) {
      checkArgument(
          cells.size() == columns.size(),
          "a row of %s cells for the columns %s of \"%s\"",
          cells.size(),
          columns,
          caption);
    }
    return new Grid(
        caption,
        1,
        ImmutableList.copyOf(columns),
        rows.stream().map(ImmutableList::copyOf).collect(ImmutableList.toImmutableList()));
  }

  /** Returns the figures of a report; whole numbers as such, others to four digits. */
  static Grid of(String caption, Table table) {
    checkArgument(!caption.isBlank(), "a table needs a caption");
    ImmutableList<String> columns =
        ImmutableList.<String>builder().addAll(table.keys()).addAll(table.figures()).build();
    ImmutableList.Builder<ImmutableList<String>> rows = ImmutableList.builder();
    for (Table.Row row : table.rows()) {
      List<String> cells = new ArrayList<>();
      row.keys().forEach(key -> cells.add(key.toString()));
      row.figures().forEach(figure -> cells.add(text(figure)));
      rows.add(ImmutableList.copyOf(cells));
    }
    return new Grid(
        caption,
        table.keys().size(),
        columns.stream()
            .map(column -> column.replace('_', ' '))
            .collect(ImmutableList.toImmutableList()),
        rows.build());
  }

  /** Returns a figure as people read it: a dash for one that does not exist. */
  private static String text(double figure) {
    if (Double.isNaN(figure)) {
      return NOTHING;
    }
    if (figure == Math.rint(figure) && Math.abs(figure) < 1e15) {
      return String.format(Locale.ROOT, "%,d", (long) figure);
    }
    double size = Math.abs(figure);
    int places = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
    return size < 0.001
        ? String.format(Locale.ROOT, "%.1e", figure)
        : String.format(Locale.ROOT, "%,." + places + "f", figure);
  }

  @Override
  public void writeTo(Markup markup) {
    // A wide table scrolls within the page, with the keyboard too.
    markup.open("div", "class", "scroll", "role", "region", "aria-label", caption, "tabindex", "0");
    markup.open("table");
    markup.text("caption", caption);
    markup.open("thead");
    markup.open("tr");
    for (int column = 0; column < columns.size(); column++) {
      markup.text(
          "th", columns.get(column), "scope", "col", "class", column < names ? "name" : "figure");
    }
    markup.close();
    markup.close();
    markup.open("tbody");
    for (ImmutableList<String> row : rows) {
      markup.open("tr");
      for (int column = 0; column < row.size(); column++) {
        if (column < names) {
          markup.text("th", row.get(column), "scope", "row");
        } else {
          markup.text("td", row.get(column));
        }
      }
      markup.close();
    }
    markup.close();
    markup.close();
    markup.close();
  }
}
