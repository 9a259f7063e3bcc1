package io.github.recurrent.examples.service.metrics;

import com.google.common.collect.ImmutableList;

/**
 * What a version of a model has done since it was loaded, as the protocol's statistics have it.
 *
 * @param lastInference when a query was answered last, in milliseconds since 1970; 0 for never
 * @param inferences the number of queries that were answered
 * @param success requests that were answered
 * @param fail requests that were not
 * @param queue the waits of queries before their first iterations
 * @param input the reading of requests
 * @param infer the iterations of batches; their number is that of executions
 * @param output the writing of answers
 * @param batches the iterations by the size of their batches
 */
public record InferenceStatistics(
    String name,
    String version,
    long lastInference,
    long inferences,
    Elapsed success,
    Elapsed fail,
    Elapsed queue,
    Elapsed input,
    Elapsed infer,
    Elapsed output,
    ImmutableList<Batch> batches) {
  /**
   * Iterations of batches of similar sizes.
   *
   * @param size the greatest size of these, a power of two; all are above half of it
   */
  public record Batch(long size, Elapsed infer) {}
}
