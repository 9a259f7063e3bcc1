/**
 * Evaluations of reasoners and of their trainings; each returns a {@link
 * io.github.recurrent.evaluation.Report} that carries all its figures, and what made them.
 */
@Value.Style(visibilityString = "PACKAGE", overshadowImplementation = true)
@NullMarked
package io.github.recurrent.evaluation;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
