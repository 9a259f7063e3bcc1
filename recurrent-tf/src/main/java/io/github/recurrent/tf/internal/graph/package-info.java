/** Internal: the nodes of the graphs that train a model and that answer with it. */
@NullMarked
package io.github.recurrent.tf.internal.graph;

import org.jspecify.annotations.NullMarked;
