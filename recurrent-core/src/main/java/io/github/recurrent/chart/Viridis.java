package io.github.recurrent.chart;

import java.awt.Color;

/** The color scale viridis: even to the eye, also to a color-blind one, and in gray. */
final class Viridis {
  private static final Color[] ANCHORS = {
    new Color(0x440154), new Color(0x472d7b), new Color(0x3b528b),
    new Color(0x2c728e), new Color(0x21918c), new Color(0x28ae80),
    new Color(0x5ec962), new Color(0xaddc30), new Color(0xfde725)
  };

  /** Above it, black is easier to read than white. */
  private static final double LIGHT = 0.6;

  private Viridis() {}

  /**
   * @param share where on the scale, in [0, 1]
   */
  static Color color(double share) {
    double place = Math.max(0, Math.min(1, share)) * (ANCHORS.length - 1);
    int below = Math.min((int) place, ANCHORS.length - 2);
    double rest = place - below;
    Color from = ANCHORS[below];
    Color to = ANCHORS[below + 1];
    return new Color(
        between(from.getRed(), to.getRed(), rest),
        between(from.getGreen(), to.getGreen(), rest),
        between(from.getBlue(), to.getBlue(), rest));
  }

  private static int between(int from, int to, double rest) {
    return (int) Math.round(from + (to - from) * rest);
  }

  static Color readableOn(double share) {
    return share > LIGHT ? Color.BLACK : Color.WHITE;
  }
}
