/** Load and faults for the service, which runs in a process of its own. */
@NullMarked
package io.github.recurrent.examples.benchmarks.service;

import org.jspecify.annotations.NullMarked;
