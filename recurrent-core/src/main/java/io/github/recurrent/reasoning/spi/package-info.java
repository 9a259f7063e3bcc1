/** What implementations of {@link io.github.recurrent.reasoning.Reasoner} need, and nobody else. */
@NullMarked
package io.github.recurrent.reasoning.spi;

import org.jspecify.annotations.NullMarked;
