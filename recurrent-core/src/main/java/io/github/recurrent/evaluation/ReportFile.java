package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.folder.CompleteFile;
import io.github.recurrent.internal.json.JsonSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** How reports become text and files, and files reports. */
final class ReportFile {
  private ReportFile() {}

  static String json(Report report) {
    return Binding.text(ReportJson.write(report)) + "\n";
  }

  static String csv(Report report) {
    ObjectNode json = ReportJson.write(report);
    StringBuilder text = new StringBuilder();
    for (String field : ImmutableList.of(ReportJson.CONFIGURATION, ReportJson.PROVENANCE)) {
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
    String text = suffix.equals("csv") ? report.toCsv() : report.toJson();
    CompleteFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  static <R extends Report> R read(Path file, Binding.Kind<R> kind) throws IOException {
    try (InputStream bytes = Files.newInputStream(file);
        JsonSource source = JsonSource.of(file, "", bytes)) {
      return read(source, file.toString(), kind);
    }
  }

  static <R extends Report> R ofJson(String json, Binding.Kind<R> kind) {
    try (JsonSource source = JsonSource.of(Path.of("report"), "this JSON", json)) {
      return read(source, "this JSON", kind);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <R extends Report> R read(JsonSource source, String name, Binding.Kind<R> kind)
      throws IOException {
    try {
      return ReportJson.read(source, kind);
    } catch (FileFormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      String report = kind.type().getRawClass().getSimpleName();
      throw new IllegalArgumentException(
          name + " is not a valid " + report + " report: " + e.getMessage(), e);
    }
  }
}
