/** Programs that use the library. */
@NullMarked
package io.github.recurrent.examples;

import org.jspecify.annotations.NullMarked;
