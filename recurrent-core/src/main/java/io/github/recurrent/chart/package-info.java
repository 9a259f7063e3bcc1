/**
 * Pictures of reports, as PNG or SVG by the suffix of the file.
 *
 * <p>They are drawn by XChart, an optional dependency: a program that draws adds {@code
 * org.knowm.xchart:xchart}, and for SVG {@code de.erichseifert.vectorgraphics2d:VectorGraphics2D}.
 */
@NullMarked
package io.github.recurrent.chart;

import org.jspecify.annotations.NullMarked;
