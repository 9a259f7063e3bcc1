package io.github.recurrent.report;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Map;

/** A part of a page, with a heading. Immutable and thread-safe. */
public final class Section {
  private final String title;
  private final ImmutableList<Content> contents;

  /** What stands in a section. */
  interface Content {
    void writeTo(Markup markup);
  }

  private Section(String title, ImmutableList<Content> contents) {
    this.title = title;
    this.contents = contents;
  }

  /**
   * Returns a section with nothing in it yet.
   *
   * @throws IllegalArgumentException if the heading is blank
   */
  public static Section titled(String title) {
    checkArgument(!title.isBlank(), "a section needs a heading");
    return new Section(title, ImmutableList.of());
  }

  /** Returns this section with one more paragraph. */
  public Section text(String paragraph) {
    return with(markup -> markup.text("p", paragraph));
  }

  /** Returns this section with one more picture. */
  public Section picture(Illustration picture) {
    return with(picture);
  }

  /** Returns this section with one more table. */
  public Section table(Grid table) {
    return with(table);
  }

  /** Returns this section with a list of names and what they stand for, such as a configuration. */
  public Section list(Map<String, String> entries) {
    ImmutableMap<String, String> copy = ImmutableMap.copyOf(entries);
    return with(
        markup -> {
          markup.open("dl");
          copy.forEach(
              (name, value) -> {
                markup.text("dt", name);
                markup.text("dd", value);
              });
          markup.close();
        });
  }

  private Section with(Content content) {
    return new Section(
        title, ImmutableList.<Content>builder().addAll(contents).add(content).build());
  }

  String title() {
    return title;
  }

  void writeTo(Markup markup, String id) {
    markup.open("section", "id", id, "aria-labelledby", id + "-title");
    markup.text("h2", title, "id", id + "-title");
    contents.forEach(content -> content.writeTo(markup));
    markup.close();
  }
}
