/** Folders that are complete at any moment, for datasets, checkpoints and exports alike. */
@org.jspecify.annotations.NullMarked
package io.github.recurrent.internal.folder;
