package io.github.recurrent.report;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.evaluation.Report.Table;
import io.github.recurrent.internal.folder.CompleteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A page of text, tables and pictures as one file of HTML, which holds everything it shows: it
 * needs no network and runs no script. It is well-formed XML too. Immutable and thread-safe; each
 * method that says what is on it returns a changed one.
 */
public final class HtmlPage {
  /** Lets a reader fetch and run nothing, even if a picture asked for it. */
  private static final String POLICY =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

  private static final String STYLE =
      """
      body { font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff;
        max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }
      h1 { font-size: 1.7rem; line-height: 1.2; }
      h2 { font-size: 1.3rem; line-height: 1.25; margin-top: 2.5rem; border-top: 1px solid #bbb;
        padding-top: 1rem; }
      a { color: #00508f; }
      figure { margin: 1rem 0; }
      img { max-width: 100%; height: auto; }
      figcaption, caption { font-size: .9rem; color: #444; text-align: left; padding: .3rem 0; }
      .scroll { overflow-x: auto; margin: 1rem 0; }
      table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
      th, td { padding: .2rem .6rem; border-bottom: 1px solid #ddd; text-align: right; }
      th { font-weight: 600; }
      thead th { border-bottom: 2px solid #888; vertical-align: bottom; }
      tbody th { text-align: left; font-weight: 400; }
      .name { text-align: left; }
      dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .2rem 1rem;
        font-size: .9rem; }
      dt { color: #444; }
      dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
      @media print {
        body { max-width: none; padding: 0; font-size: 10pt; }
        nav { display: none; }
        h1, h2 { break-after: avoid; }
        figure, tr { break-inside: avoid; }
        thead { display: table-header-group; }
        .scroll { overflow: visible; }
      }
      """;

  private final String title;
  private final String lead;
  private final ImmutableList<Section> sections;

  private HtmlPage(String title, String lead, ImmutableList<Section> sections) {
    this.title = title;
    this.lead = lead;
    this.sections = sections;
  }

  /**
   * Returns a page without sections yet.
   *
   * @throws IllegalArgumentException if the title is blank
   */
  public static HtmlPage titled(String title) {
    checkArgument(!title.isBlank(), "a page needs a title");
    return new HtmlPage(title, "", ImmutableList.of());
  }

  /** Returns this page with a paragraph below its title. */
  public HtmlPage lead(String text) {
    return new HtmlPage(title, text, sections);
  }

  /** Returns this page with one more section. */
  public HtmlPage section(Section section) {
    return new HtmlPage(
        title, lead, ImmutableList.<Section>builder().addAll(sections).add(section).build());
  }

  /** Returns the page as HTML. */
  public String toHtml() {
    Markup markup = new Markup();
    markup.declare("html");
    markup.open("html", "lang", "en");
    markup.open("head");
    markup.single("meta", "charset", "utf-8");
    markup.single("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    markup.single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    markup.text("title", title);
    markup.text("style", STYLE);
    markup.close();
    markup.open("body");
    markup.open("header");
    markup.text("h1", title);
    if (!lead.isEmpty()) {
      markup.text("p", lead);
    }
    markup.close();
    if (sections.size() > 1) {
      writeContents(markup);
    }
    markup.open("main");
    for (int index = 0; index < sections.size(); index++) {
      sections.get(index).writeTo(markup, id(index));
    }
    markup.close();
    markup.close();
    markup.close();
    return markup.toString();
  }

  private void writeContents(Markup markup) {
    markup.open("nav", "aria-label", "Contents");
    markup.open("ol");
    for (int index = 0; index < sections.size(); index++) {
      markup.open("li");
      markup.text("a", sections.get(index).title, "href", "#" + id(index));
      markup.close();
    }
    markup.close();
    markup.close();
  }

  private static String id(int index) {
    return "section-" + (index + 1);
  }

  /**
   * Writes the page to a file, aside first and then renamed into place.
   *
   * @throws IOException if the file cannot be written; one that was there stays then
   */
  public void write(Path file) throws IOException {
    CompleteFile.write(file, toHtml().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A part of a page, with a heading. Immutable and thread-safe; each method returns a changed one.
   */
  public static final class Section {
    private final String title;
    private final ImmutableList<Content> contents;

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

    /** Adds a paragraph. */
    public Section text(String paragraph) {
      return with(markup -> markup.text("p", paragraph));
    }

    /**
     * Adds the picture in a .png or .svg file, which is not needed afterwards.
     *
     * @param alternative what the picture shows, for those who cannot see it
     * @param caption what stands below the picture; may be empty
     * @throws IllegalArgumentException if the file has another suffix, or the alternative is blank
     * @throws IOException if the file cannot be read
     */
    public Section picture(Path file, String alternative, String caption) throws IOException {
      return with(Illustration.read(file, alternative, caption));
    }

    /**
     * Adds the figures of a report; whole numbers as such, others to four digits.
     *
     * @throws IllegalArgumentException if the caption is blank
     */
    public Section table(String caption, Table figures) {
      return with(Grid.of(caption, figures));
    }

    /**
     * Adds a table, whose first column names the rows.
     *
     * @param rows as many cells each as there are columns
     * @throws IllegalArgumentException if a row has not as many, there is no column, or the caption
     *     is blank
     */
    public Section table(String caption, List<String> columns, List<? extends List<String>> rows) {
      return with(Grid.of(caption, columns, rows));
    }

    /** Adds a list of names and what they stand for, such as a configuration. */
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

    private void writeTo(Markup markup, String id) {
      markup.open("section", "id", id, "aria-labelledby", id + "-title");
      markup.text("h2", title, "id", id + "-title");
      contents.forEach(content -> content.writeTo(markup));
      markup.close();
    }
  }
}
