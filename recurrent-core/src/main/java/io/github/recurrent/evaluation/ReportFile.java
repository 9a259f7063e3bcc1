package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.internal.folder.CompleteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** How reports become text and files. */
final class ReportFile {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ReportFile() {}

  static String csv(Report report) {
    ObjectNode json = report.toJson();
    StringBuilder text = new StringBuilder();
    for (String field : ImmutableList.of(Setup.CONFIGURATION, Setup.PROVENANCE)) {
      text.append("# ").append(field).append(' ').append(json.path(field)).append("\r\n");
    }
    return text.append(report.table().toCsv()).toString();
  }

  static void write(Report report, Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    checkArgument(
        suffix.equals("json") || suffix.equals("csv"),
        "a report is a .json or a .csv file, but this is to be %s",
        file);
    String text =
        suffix.equals("csv") ? report.toCsv() : JSON.writeValueAsString(report.toJson()) + "\n";
    CompleteFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
