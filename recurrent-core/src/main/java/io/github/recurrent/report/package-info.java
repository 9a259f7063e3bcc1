/**
 * Pages of HTML that show reports to people: one file each, with everything inside, for a screen of
 * any size and for paper.
 */
@NullMarked
package io.github.recurrent.report;

import org.jspecify.annotations.NullMarked;
