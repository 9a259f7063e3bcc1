package io.github.recurrent.tf;

import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Facts by their number of hops, from the least above one to the greatest.
 *
 * @param description names the data in the provenance of what is trained on it
 */
record HopFacts(
    String description,
    Vocabulary vocabulary,
    Facts atomic,
    int minHops,
    int maxHops,
    IntFunction<Facts> train,
    IntFunction<Facts> heldOut) {

  /** Returns the composed facts of a stage, all those of at most so many hops. */
  List<Facts> composed(int stage) {
    List<Facts> facts = new ArrayList<>();
    for (int hops = minHops; hops <= stage; hops++) {
      facts.add(train.apply(hops));
    }
    return facts;
  }
}
