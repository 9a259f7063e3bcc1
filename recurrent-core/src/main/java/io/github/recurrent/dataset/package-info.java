/** Multi-hop and composition datasets, their vocabulary, and the published folder format. */
@Value.Style(visibilityString = "PACKAGE", overshadowImplementation = true)
@NullMarked
package io.github.recurrent.dataset;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
