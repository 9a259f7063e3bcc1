/** The inference contract: queries in, answers and trajectories out, under a halting rule. */
@Value.Style(visibilityString = "PACKAGE", overshadowImplementation = true)
@NullMarked
package io.github.recurrent.reasoning;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
