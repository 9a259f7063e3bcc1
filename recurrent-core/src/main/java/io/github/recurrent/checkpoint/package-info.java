/**
 * Checkpoint folders (configuration, vocabulary, safetensors) and the reader of PyTorch
 * checkpoints.
 */
@Value.Style(visibilityString = "PACKAGE", overshadowImplementation = true)
@NullMarked
package io.github.recurrent.checkpoint;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
