/**
 * Internal: TensorFlow's native libraries, loaded silently, and graphs made on any machine alike.
 */
@NullMarked
package io.github.recurrent.tf.internal.natives;

import org.jspecify.annotations.NullMarked;
