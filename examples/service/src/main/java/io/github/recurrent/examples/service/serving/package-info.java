/** The models that answer, from their load to their end. */
@NullMarked
package io.github.recurrent.examples.service.serving;

import org.jspecify.annotations.NullMarked;
