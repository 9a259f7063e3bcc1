package io.github.recurrent.examples.service.repository;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;

/**
 * What a look has found.
 *
 * @param models the versions by the names of their models
 * @param unreadable the models that are there and cannot be seen now
 * @param ignored why things are ignored that are there, by where they are
 */
record Found(
    ImmutableSortedMap<String, ImmutableSortedMap<Long, FoundVersion>> models,
    ImmutableSet<String> unreadable,
    ImmutableSortedMap<String, String> ignored) {
  static final Found NOTHING =
      new Found(ImmutableSortedMap.of(), ImmutableSet.of(), ImmutableSortedMap.of());

  ImmutableSortedMap<Long, FoundVersion> versions(String name) {
    return models.getOrDefault(name, ImmutableSortedMap.of());
  }

  boolean has(String name) {
    return models.containsKey(name) || unreadable.contains(name);
  }
}
