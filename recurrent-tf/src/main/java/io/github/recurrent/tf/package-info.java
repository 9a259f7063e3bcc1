/**
 * Training of recurrent-depth transformers with TensorFlow, and a reasoner that runs them there.
 */
@Value.Style(visibilityString = "PACKAGE", overshadowImplementation = true)
@NullMarked
package io.github.recurrent.tf;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
