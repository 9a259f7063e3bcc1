/** What listens to a training: console bar, JSON lines, TensorBoard, charts, records. */
@NullMarked
package io.github.recurrent.tf.listener;

import org.jspecify.annotations.NullMarked;
