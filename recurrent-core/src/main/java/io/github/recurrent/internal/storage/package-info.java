/** Internal: names and facts as primitive arrays, in few bytes each. */
@NullMarked
package io.github.recurrent.internal.storage;

import org.jspecify.annotations.NullMarked;
