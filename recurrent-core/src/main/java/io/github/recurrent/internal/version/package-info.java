/** Internal: the version of this library, for the provenance of what it makes. */
@NullMarked
package io.github.recurrent.internal.version;

import org.jspecify.annotations.NullMarked;
