/** The quickstart, and short programs that teach one thing each. */
@NullMarked
package io.github.recurrent.examples.programs;

import org.jspecify.annotations.NullMarked;
