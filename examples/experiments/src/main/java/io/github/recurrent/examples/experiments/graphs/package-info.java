/** Generated graphs in the shape of those that are used in research on knowledge graphs. */
@NullMarked
package io.github.recurrent.examples.experiments.graphs;

import org.jspecify.annotations.NullMarked;
