package io.github.recurrent.examples.experiments.console;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** A table with right-aligned columns, for the console. Not thread-safe. */
public final class ConsoleTable {
  private final ImmutableList<String> head;
  private final List<ImmutableList<String>> rows = new ArrayList<>();

  /** Returns a table without rows yet. */
  public ConsoleTable(List<String> head) {
    this.head = ImmutableList.copyOf(head);
  }

  /** Adds a row, of as many cells as there are columns. */
  public void add(List<String> cells) {
    checkArgument(cells.size() == head.size(), "%s cells for columns %s", cells.size(), head);
    rows.add(ImmutableList.copyOf(cells));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    append(text, head);
    rows.forEach(row -> append(text, row));
    return text.toString();
  }

  private void append(StringBuilder text, ImmutableList<String> cells) {
    for (int column = 0; column < cells.size(); column++) {
      text.append("  ").append(Strings.padStart(cells.get(column), width(column), ' '));
    }
    text.append(System.lineSeparator());
  }

  private int width(int column) {
    int width = head.get(column).length();
    for (ImmutableList<String> row : rows) {
      width = Math.max(width, row.get(column).length());
    }
    return width;
  }
}
