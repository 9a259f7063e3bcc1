/**
 * Export of recurrent-depth transformers to ONNX, where they answer adaptively in one call, and a
 * reasoner that runs the exported files with ONNX Runtime.
 */
@Value.Style(visibilityString = "PACKAGE", overshadowImplementation = true)
@NullMarked
package io.github.recurrent.onnx;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
