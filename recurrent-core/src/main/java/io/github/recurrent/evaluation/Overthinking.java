package io.github.recurrent.evaluation;

/**
 * How a model that answers a type of facts spoils its answers with more iterations (paper, figure
 * 8).
 *
 * @param peakIteration the least number of iterations at which the mean margin is greatest
 * @param peakMargin the mean margin there, in logits
 * @param decay the mean margin lost with every iteration after the peak, in logits: the slope, with
 *     its sign turned, of the straight line that fits the mean margins from the peak to the last
 *     iteration best (least squares); 0 if the peak is the last
 * @param bestIteration the least number of iterations at which the accuracy is greatest
 * @param accuracyLoss the accuracy there less that after the last iteration, in [0, 1]
 */
public record Overthinking(
    int peakIteration, double peakMargin, double decay, int bestIteration, double accuracyLoss) {}
