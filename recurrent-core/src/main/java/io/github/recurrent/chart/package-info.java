/**
 * Pictures of reports, as PNG or SVG by the suffix of the file; no display is needed.
 *
 * <p>They are drawn by XChart, an optional dependency: a program that draws adds {@code
 * org.knowm.xchart:xchart}, and for SVG {@code de.erichseifert.vectorgraphics2d:VectorGraphics2D}.
 */
@Value.Style(visibilityString = "PACKAGE")
@NullMarked
package io.github.recurrent.chart;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
