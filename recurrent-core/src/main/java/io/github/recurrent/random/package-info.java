/** One root seed, split by name into the independent random streams of a run. */
@NullMarked
package io.github.recurrent.random;

import org.jspecify.annotations.NullMarked;
