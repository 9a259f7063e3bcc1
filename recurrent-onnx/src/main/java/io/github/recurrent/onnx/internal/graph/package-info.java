/** Internal: what builds the graphs and the weight file of an export. */
@NullMarked
package io.github.recurrent.onnx.internal.graph;

import org.jspecify.annotations.NullMarked;
