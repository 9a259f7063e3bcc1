package io.github.recurrent.dataset;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Objects;

/**
 * Facts to evaluate on, by their type in the published format, such as {@code 5hop_test} or {@code
 * test_inferred_ood}; all facts of a type have the same number of hops.
 *
 * <p>Immutable and thread-safe.
 */
public final class Split {
  private final ImmutableMap<String, Facts> byType;

  private Split(ImmutableMap<String, Facts> byType) {
    this.byType = byType;
  }

  /** Returns the split with the given facts, in the order of the map. */
  public static Split of(Map<String, Facts> byType) {
    return new Split(ImmutableMap.copyOf(byType));
  }

  /** Returns the facts by type, in a stable order. */
  public ImmutableMap<String, Facts> byType() {
    return byType;
  }

  /**
   * Returns the facts of a type.
   *
   * @throws IllegalArgumentException if there is no such type
   */
  public Facts facts(String type) {
    Facts facts = byType.get(type);
    if (facts == null) {
      throw new IllegalArgumentException(
          "no facts of type \"" + type + "\"; this split has " + byType.keySet());
    }
    return facts;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Split that && byType.equals(that.byType);
  }

  @Override
  public int hashCode() {
    return Objects.hash(byType);
  }

  @Override
  public String toString() {
    return "Split" + byType;
  }
}
