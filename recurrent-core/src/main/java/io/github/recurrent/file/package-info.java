/** What the readers of all kinds of files have in common. */
@NullMarked
package io.github.recurrent.file;

import org.jspecify.annotations.NullMarked;
