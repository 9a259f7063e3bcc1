package io.github.recurrent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.evaluation.Report.Table;
import io.github.recurrent.report.HtmlPage.Section;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class HtmlPageTest {
  /** What a name of a graph, a run or a token may hold. */
  private static final String NASTY =
      "<script>alert('1')</script> & \"<e_Ada>\" ]]> <!-- é \ud83d\ude00 --";

  @TempDir Path folder;

  @Test
  void textIsShownAsItIsAndNeverBecomesMarkup() throws Exception {
    Document page =
        parse(
            HtmlPage.titled(NASTY)
                .lead(NASTY)
                .section(
                    Section.titled(NASTY)
                        .text(NASTY)
                        .picture(picture("a.png", "png"), NASTY, NASTY)
                        .table(NASTY, List.of(NASTY, "other"), List.of(List.of(NASTY, "1")))
                        .list(ImmutableMap.of(NASTY, NASTY)))
                .section(Section.titled("another")));

    assertThat(page.getElementsByTagName("script").getLength()).isZero();
    for (String element :
        ImmutableList.of(
            "title", "h1", "h2", "p", "figcaption", "caption", "th", "dt", "dd", "a")) {
      assertThat(texts(page, element)).as(element).contains(NASTY);
    }
    assertThat(element(page, "img").getAttribute("alt")).isEqualTo(NASTY);
    assertThat(element(page, "div").getAttribute("aria-label")).isEqualTo(NASTY);
  }

  @Test
  void charactersThatXmlCannotSayAreReplaced() throws Exception {
    Document page = parse(HtmlPage.titled("a\u0000b\u001bc\ud800d\uffffe"));

    assertThat(texts(page, "h1")).containsExactly("a\ufffdb\ufffdc\ufffdd\ufffde");
  }

  @Test
  void everyPictureIsInside() throws Exception {
    Path png = picture("a.png", "png bytes");
    Path svg = picture("b.SVG", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    HtmlPage written =
        HtmlPage.titled("Pictures")
            .section(Section.titled("two").picture(png, "one", "").picture(svg, "another", ""));
    Files.delete(png);
    Files.delete(svg);
    Document page = parse(written);

    NodeList images = page.getElementsByTagName("img");
    assertThat(images.getLength()).isEqualTo(2);
    assertThat(data((Element) images.item(0), "image/png")).isEqualTo("png bytes");
    assertThat(data((Element) images.item(1), "image/svg+xml")).startsWith("<svg");
    for (String reaching : ImmutableList.of("link", "script", "iframe", "object", "base")) {
      assertThat(page.getElementsByTagName(reaching).getLength()).as(reaching).isZero();
    }
    assertThat(((Element) page.getElementsByTagName("meta").item(1)).getAttribute("content"))
        .contains("default-src 'none'");
  }

  private static String data(Element image, String type) {
    String source = image.getAttribute("src");
    String head = "data:" + type + ";base64,";
    assertThat(source).startsWith(head);
    return new String(
        Base64.getDecoder().decode(source.substring(head.length())), StandardCharsets.UTF_8);
  }

  @Test
  void aReportsTableTellsWhatNamesItsRowsAndRoundsItsFigures() throws Exception {
    Table table =
        Table.keys("type", "hops")
            .figures("best_accuracy", "facts")
            .row(ImmutableList.of("2hop_test", 2), 0.98765, 12345)
            .row(ImmutableList.of("3hop_test", 3), Double.NaN, 0.00001234)
            .build();
    Document page =
        parse(HtmlPage.titled("T").section(Section.titled("s").table("Figures", table)));

    assertThat(texts(page, "th"))
        .containsExactly(
            "type", "hops", "best accuracy", "facts", "2hop_test", "2", "3hop_test", "3");
    assertThat(texts(page, "td")).containsExactly("0.988", "12,345", "–", "1.2e-05");
    Element head = (Element) page.getElementsByTagName("th").item(0);
    Element name = (Element) page.getElementsByTagName("th").item(5);
    assertThat(head.getAttribute("scope")).isEqualTo("col");
    assertThat(name.getAttribute("scope")).isEqualTo("row");
  }

  @Test
  void theContentsLeadToEverySection() throws Exception {
    Document page =
        parse(HtmlPage.titled("T").section(Section.titled("one")).section(Section.titled("two")));

    NodeList links = page.getElementsByTagName("a");
    NodeList sections = page.getElementsByTagName("section");
    assertThat(links.getLength()).isEqualTo(2);
    for (int index = 0; index < 2; index++) {
      assertThat(((Element) links.item(index)).getAttribute("href"))
          .isEqualTo("#" + ((Element) sections.item(index)).getAttribute("id"));
    }
  }

  @Test
  void emptyElementsKeepTheirEndsAsHtmlAsks() {
    String html =
        HtmlPage.titled("T")
            .section(Section.titled("s").text("").table("c", List.of("a"), List.of(List.of(""))))
            .toHtml();

    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .contains("<p></p>")
        .contains("scope=\"row\"></th>");
  }

  @Test
  void whatAReaderWouldMissIsRefused() throws IOException {
    Path png = picture("a.png", "png");
    Path other = picture("a.gif", "gif");
    Section section = Section.titled("s");

    assertThatThrownBy(() -> section.picture(png, " ", "caption"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("alternative in words");
    assertThatThrownBy(() -> section.picture(other, "a picture", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(".png or a .svg")
        .hasMessageContaining("a.gif");
    assertThatThrownBy(() -> section.table("t", List.of("a", "b"), List.of(List.of("1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 cells")
        .hasMessageContaining("[a, b]");
    assertThatThrownBy(() -> section.table("t", List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs columns");
    assertThatThrownBy(() -> HtmlPage.titled("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Section.titled(" ")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPageReplacesTheOneBeforeAndLeavesNothingElse() throws IOException {
    Path file = folder.resolve("page.html");
    HtmlPage.titled("before").write(file);
    HtmlPage.titled("after é").write(file);

    assertThat(Files.readString(file)).contains("after é").doesNotContain("before");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  private Path picture(String name, String bytes) throws IOException {
    return Files.writeString(folder.resolve(name), bytes);
  }

  private static Document parse(HtmlPage page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(page.toHtml().getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> texts(Document page, String element) {
    NodeList found = page.getElementsByTagName(element);
    List<String> texts = new ArrayList<>();
    for (int index = 0; index < found.getLength(); index++) {
      texts.add(found.item(index).getTextContent());
    }
    return texts;
  }

  private static Element element(Document page, String element) {
    return (Element) page.getElementsByTagName(element).item(0);
  }
}
