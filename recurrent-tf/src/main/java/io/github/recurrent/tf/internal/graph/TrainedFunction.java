package io.github.recurrent.tf.internal.graph;

import com.google.common.collect.ImmutableSet;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.AdamW;
import io.github.recurrent.tf.Dropout;
import io.github.recurrent.tf.Precision;

/**
 * What a training graph computes.
 *
 * @param model the model whose parameters it trains
 * @param precision the format of its products
 * @param optimizer how it updates the parameters
 * @param dropout what it drops in training
 * @param labelSmoothing the part of the target's probability that all tokens share, in [0, 1)
 * @param learnsAllAnswers whether a row may have several answers
 * @param recurrences those in which it is trained, at least one
 * @param readsEveryIteration whether it gives logits after every iteration, or only after the most
 *     of each recurrence
 */
public record TrainedFunction(
    RecurrentDepthTransformer model,
    Precision precision,
    AdamW optimizer,
    Dropout dropout,
    double labelSmoothing,
    boolean learnsAllAnswers,
    ImmutableSet<Recurrence> recurrences,
    boolean readsEveryIteration) {}
