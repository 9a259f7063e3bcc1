/** Knowledge graphs: entities, relations and atomic facts, generated or read from triples. */
@Value.Style(visibilityString = "PACKAGE", overshadowImplementation = true)
@NullMarked
package io.github.recurrent.graph;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
