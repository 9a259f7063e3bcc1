package io.github.recurrent.tf;

/** A curriculum that comes before another, with an optimizer and dropout of its own. */
record Prelude(Curriculum curriculum, AdamW optimizer, Dropout dropout) {}
