/** Measurements of training, answering and serving. */
@NullMarked
package io.github.recurrent.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
