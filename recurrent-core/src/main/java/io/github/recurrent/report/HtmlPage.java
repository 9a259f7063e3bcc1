package io.github.recurrent.report;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.internal.folder.CompleteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A page of text, tables and pictures as one file of HTML, which holds everything it shows: it
 * needs no network and runs no script. It is well-formed XML too. Immutable and thread-safe.
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
      markup.text("a", sections.get(index).title(), "href", "#" + id(index));
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
}
