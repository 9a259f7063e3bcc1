package io.github.recurrent.report;

import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** HTML that is well-formed XML, in memory. Not thread-safe. */
final class Markup {
  private final StringWriter html = new StringWriter();
  private final XMLStreamWriter xml;

  Markup() {
    try {
      xml = XMLOutputFactory.newInstance().createXMLStreamWriter(html);
    } catch (XMLStreamException e) {
      throw new IllegalStateException("no XML can be written", e);
    }
  }

  private interface Writing {
    void run() throws XMLStreamException;
  }

  /** Nothing that is written to memory, in the order the callers keep, can fail. */
  private static void write(Writing writing) {
    try {
      writing.run();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a page cannot be written", e);
    }
  }

  void declare(String document) {
    write(() -> xml.writeDTD("<!DOCTYPE " + document + ">\n"));
  }

  /**
   * Opens an element.
   *
   * @param attributes names and values by turns
   */
  void open(String element, String... attributes) {
    write(
        () -> {
          xml.writeStartElement(element);
          writeAttributes(attributes);
        });
  }

  /** Writes an element that HTML knows no end of. */
  void single(String element, String... attributes) {
    write(
        () -> {
          xml.writeEmptyElement(element);
          writeAttributes(attributes);
        });
  }

  private void writeAttributes(String... attributes) throws XMLStreamException {
    for (int index = 0; index < attributes.length; index += 2) {
      xml.writeAttribute(attributes[index], legal(attributes[index + 1]));
    }
  }

  /** Writes an element that holds a text alone. */
  void text(String element, String text, String... attributes) {
    open(element, attributes);
    write(() -> xml.writeCharacters(legal(text)));
    close();
  }

  void close() {
    write(
        () -> {
          xml.writeEndElement();
          xml.writeCharacters("\n");
        });
  }

  /** Puts U+FFFD in the place of what XML has no way to say, such as most control characters. */
  private static String legal(String text) {
    StringBuilder legal = new StringBuilder(text.length());
    text.codePoints().forEach(point -> legal.appendCodePoint(isLegal(point) ? point : 0xfffd));
    return legal.toString();
  }

  private static boolean isLegal(int point) {
    return point == '\t'
        || point == '\n'
        || point == '\r'
        || (point >= 0x20 && point <= 0xd7ff)
        || (point >= 0xe000 && point <= 0xfffd)
        || point >= 0x10000;
  }

  @Override
  public String toString() {
    write(xml::flush);
    return html.toString();
  }
}
