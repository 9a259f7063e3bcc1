/**
 * Inference as a service: a program over {@link io.github.recurrent.onnx.ContinuousBatcher} that
 * speaks the Open Inference Protocol.
 */
@NullMarked
package io.github.recurrent.examples.service;

import org.jspecify.annotations.NullMarked;
