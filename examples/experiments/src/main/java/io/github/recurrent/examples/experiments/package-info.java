/** The paper's trainings at laptop size and at full size. */
@NullMarked
package io.github.recurrent.examples.experiments;

import org.jspecify.annotations.NullMarked;
