/** The specification of a recurrent-depth transformer and the parameters that follow from it. */
@Value.Style(visibilityString = "PACKAGE", overshadowImplementation = true)
@NullMarked
package io.github.recurrent.model;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
