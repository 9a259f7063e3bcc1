package io.github.recurrent.evaluation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Tables of records: a column for each figure of their JSON, also of the records within them. A
 * record that holds arrays of figures has a row for each index.
 */
final class RecordTable {
  private RecordTable() {}

  /**
   * Returns the table of records.
   *
   * @param keys the names of the fields that tell a row; one that is not a field is the index of
   *     the arrays, which begins at the record's first iteration, or at 0
   */
  static <T extends Record> Table of(List<T> records, Class<T> type, String... keys) {
    ImmutableList<String> columns = columns(type);
    ImmutableList<String> names = ImmutableList.copyOf(keys);
    ImmutableList<String> figures =
        columns.stream()
            .filter(column -> !names.contains(column))
            .collect(ImmutableList.toImmutableList());
    Table.Builder table = Table.keys(keys).figures(figures);
    for (T one : records) {
      Map<String, JsonNode> cells = cells(one);
      int first = cells.getOrDefault(ReportJson.FIRST_ITERATION, IntNode.valueOf(0)).intValue();
      int rows =
          columns.containsAll(names)
              ? 1
              : cells.values().stream().mapToInt(JsonNode::size).max().orElse(0);
      for (int index = 0; index < rows; index++) {
        int row = index;
        table.row(
            names.stream().map(name -> key(cells.get(name), first + row)).toList(),
            figures.stream().mapToDouble(figure -> figure(cells.get(figure), row)).toArray());
      }
    }
    return table.build();
  }

  /** Returns figures of a record without arrays. */
  static DoubleStream figures(Record one, List<String> columns) {
    Map<String, JsonNode> cells = cells(one);
    return columns.stream().mapToDouble(column -> figure(cells.get(column), 0));
  }

  /** Returns the names of the figures of a type of records. */
  static ImmutableList<String> columns(Class<?> type) {
    ImmutableList.Builder<String> columns = ImmutableList.builder();
    for (BeanPropertyDefinition field : Binding.fields(type)) {
      Class<?> fieldType = field.getRawPrimaryType();
      if (fieldType.isRecord() && !fieldType.equals(Setup.class)) {
        columns.addAll(columns(fieldType));
      } else if (!fieldType.isRecord() && !field.getName().equals(ReportJson.FIRST_ITERATION)) {
        columns.add(field.getName());
      }
    }
    return columns.build();
  }

  private static Map<String, JsonNode> cells(Record one) {
    Map<String, JsonNode> cells = new HashMap<>();
    putCells(cells, Binding.write(one));
    return cells;
  }

  private static void putCells(Map<String, JsonNode> cells, ObjectNode json) {
    json.properties()
        .forEach(
            field -> {
              if (field.getValue() instanceof ObjectNode within) {
                putCells(cells, within);
              } else {
                cells.put(field.getKey(), field.getValue());
              }
            });
  }

  private static Object key(@Nullable JsonNode cell, int index) {
    if (cell == null) {
      return index;
    }
    return cell.isIntegralNumber() ? cell.numberValue() : cell.asText();
  }

  private static double figure(@Nullable JsonNode cell, int index) {
    JsonNode figure = requireNonNull(cell).isArray() ? cell.get(index) : cell;
    return figure.isNull() ? Double.NaN : figure.asDouble();
  }
}
