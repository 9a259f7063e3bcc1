package io.github.recurrent.examples.service.request;

import java.time.Duration;

/**
 * What a request may ask for.
 *
 * @param bodyBytes the longest body
 * @param rows the most queries
 * @param length the most tokens of a query, its head included
 * @param iterations the most iterations of a query
 * @param topK the most probable tokens of an answer that are given
 * @param outputValues the most values of an output of a request
 * @param deadline the longest time for an answer, and the one where a request names none
 */
public record Limits(
    int bodyBytes,
    int rows,
    int length,
    int iterations,
    int topK,
    int outputValues,
    Duration deadline) {}
