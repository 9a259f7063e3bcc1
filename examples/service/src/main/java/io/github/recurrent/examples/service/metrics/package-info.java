/** What the models have done, for statistics and for Prometheus. */
@NullMarked
package io.github.recurrent.examples.service.metrics;

import org.jspecify.annotations.NullMarked;
