/** Internal: reading and writing files of triples, whatever their format. */
@NullMarked
package io.github.recurrent.internal.triples;

import org.jspecify.annotations.NullMarked;
