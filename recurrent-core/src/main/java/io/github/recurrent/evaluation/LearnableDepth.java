package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;

/** The learnable recursion depth in a model's provenance, where its curriculum put it. */
final class LearnableDepth {
  private static final String NAME = "learnable recursion depth";

  private LearnableDepth() {}

  /**
   * @throws IllegalArgumentException if the provenance does not tell it
   */
  static int of(ImmutableMap<String, String> provenance) {
    String text = provenance.get(NAME);
    Integer depth = text == null ? null : Ints.tryParse(text);
    checkArgument(
        depth != null,
        "the provenance has no number as \"%s\": give it beside the sweep; the provenance is %s",
        NAME,
        provenance);
    return depth;
  }
}
