/** What a program is told and how it shows tables, for experiments and benchmarks. */
@NullMarked
package io.github.recurrent.examples.experiments.console;

import org.jspecify.annotations.NullMarked;
