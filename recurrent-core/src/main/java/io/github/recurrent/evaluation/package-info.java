/** Evaluations of a reasoner; each returns a report that carries all its figures. */
@Value.Style(visibilityString = "PACKAGE", overshadowImplementation = true)
@NullMarked
package io.github.recurrent.evaluation;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
