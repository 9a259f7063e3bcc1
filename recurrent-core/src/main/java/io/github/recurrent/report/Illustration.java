package io.github.recurrent.report;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;

/** A picture on a page, with its caption and what it shows in words. Immutable and thread-safe. */
final class Illustration implements Content {
  private final String source;
  private final String alternative;
  private final String caption;

  private Illustration(String source, String alternative, String caption) {
    this.source = source;
    this.alternative = alternative;
    this.caption = caption;
  }

  static Illustration read(Path file, String alternative, String caption) throws IOException {
    String type = type(file);
    checkArgument(!alternative.isBlank(), "%s needs an alternative in words", file);
    return new Illustration(
        "data:" + type + ";base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(file)),
        alternative,
        caption);
  }

  private static String type(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".png")) {
      return "image/png";
    }
    if (name.endsWith(".svg")) {
      return "image/svg+xml";
    }
    throw new IllegalArgumentException(
        "a picture is a .png or a .svg file, but this is " + file.getFileName());
  }

  @Override
  public void writeTo(Markup markup) {
    markup.open("figure");
    markup.single("img", "src", source, "alt", alternative);
    if (!caption.isEmpty()) {
      markup.text("figcaption", caption);
    }
    markup.close();
  }
}
