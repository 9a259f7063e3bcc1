/**
 * Evaluations of reasoners and of their trainings; each returns a {@link
 * io.github.recurrent.evaluation.Report} that carries all its figures, and what made them.
 */
@NullMarked
package io.github.recurrent.evaluation;

import org.jspecify.annotations.NullMarked;
