/** Models that experiments and benchmarks ask. */
@NullMarked
package io.github.recurrent.examples.experiments.models;

import org.jspecify.annotations.NullMarked;
