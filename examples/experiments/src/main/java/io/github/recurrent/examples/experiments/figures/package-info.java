/** The paper's figures at laptop size, by one program each, from the folders of trainings. */
@NullMarked
package io.github.recurrent.examples.experiments.figures;

import org.jspecify.annotations.NullMarked;
