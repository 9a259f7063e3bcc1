package io.github.recurrent.examples.service.repository;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import java.nio.file.Path;

/** One exported model. Every look finds that it has changed. */
final class OneModel extends ModelSource {
  private static final long VERSION = 1;

  private final String name;
  private final Path folder;

  OneModel(String name, Path folder) {
    this.name = name;
    this.folder = folder;
  }

  @Override
  Found look() {
    return new Found(
        ImmutableSortedMap.of(
            name, ImmutableSortedMap.of(VERSION, new FoundVersion(folder, new Object(), ""))),
        ImmutableSet.of(),
        ImmutableSortedMap.of());
  }
}
