package io.github.recurrent.report;

/** What stands in a section of a page. */
interface Content {
  void writeTo(Markup markup);
}
