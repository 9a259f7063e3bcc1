package io.github.recurrent.dataset;

/** Right answers that are held as facts are, which no two of them share. */
final class SeparateAnswers extends AnswerSets {
  private final IdRows firsts;
  private final IdRows ids;

  /**
   * @param firsts two ids for each fact and for the end: the upper and the lower half of where the
   *     answers begin
   * @param ids the answers of all facts, one after the other, those of each in ascending order
   */
  SeparateAnswers(IdRows firsts, IdRows ids) {
    this.firsts = firsts;
    this.ids = ids;
  }

  @Override
  boolean isSingle() {
    return false;
  }

  @Override
  long first(int fact) {
    return ((long) firsts.id(2L * fact) << 32) | Integer.toUnsignedLong(firsts.id(2L * fact + 1));
  }

  @Override
  long beyond(int fact) {
    return ((long) firsts.id(2L * fact + 2) << 32)
        | Integer.toUnsignedLong(firsts.id(2L * fact + 3));
  }

  @Override
  int id(long place) {
    return ids.id(place);
  }
}
