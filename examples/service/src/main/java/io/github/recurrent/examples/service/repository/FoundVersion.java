package io.github.recurrent.examples.service.repository;

import java.nio.file.Path;

/**
 * A version that a look has found.
 *
 * @param state what its files are like; another one means that they have changed
 * @param problem why it cannot be used; empty if nothing is known against it
 */
record FoundVersion(Path folder, Object state, String problem) {}
