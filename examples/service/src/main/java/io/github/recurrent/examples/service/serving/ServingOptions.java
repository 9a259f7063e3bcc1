package io.github.recurrent.examples.service.serving;

/**
 * How a model is served.
 *
 * @param batch the most queries that run at once
 * @param queue the most queries that wait
 * @param warmUpHops the hops of the longest queries that warm up the model; 0 for no warm-up
 * @param mostTokens the most tokens of a query, its head included
 */
public record ServingOptions(int batch, int queue, int warmUpHops, int mostTokens) {}
