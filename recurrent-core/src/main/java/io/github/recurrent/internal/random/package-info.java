/** Internal: the generator of all random numbers. */
@NullMarked
package io.github.recurrent.internal.random;

import org.jspecify.annotations.NullMarked;
