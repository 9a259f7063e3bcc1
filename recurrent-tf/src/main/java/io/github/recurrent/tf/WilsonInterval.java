package io.github.recurrent.tf;

/**
 * Where the accuracy on all facts lies, with a confidence of 99%, if so many of them were answered
 * rightly: Wilson's score interval. For a share p of n answers and z = 2.576, its upper end is (p +
 * z²/2n + z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n).
 */
final class WilsonInterval {
  private static final double Z = 2.5758293035489;

  private WilsonInterval() {}

  /** Returns whether a share of right answers is below another by more than chance. */
  static boolean isBelow(double share, int asked, double other) {
    return upper(share, asked) < other;
  }

  /** Returns the upper end of the interval around a share of right answers. */
  static double upper(double share, int asked) {
    double square = Z * Z / asked;
    double deviation = Z * Math.sqrt(share * (1 - share) / asked + square / (4.0 * asked));
    return (share + square / 2 + deviation) / (1 + square);
  }
}
