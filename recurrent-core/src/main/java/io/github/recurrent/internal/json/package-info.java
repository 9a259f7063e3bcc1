/** Internal: bounded reading of JSON, and the specification of a model as JSON. */
@NullMarked
package io.github.recurrent.internal.json;

import org.jspecify.annotations.NullMarked;
