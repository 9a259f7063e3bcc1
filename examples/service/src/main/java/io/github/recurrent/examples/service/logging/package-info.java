/** What the service tells of itself and of its requests, a line each. */
@NullMarked
package io.github.recurrent.examples.service.logging;

import org.jspecify.annotations.NullMarked;
