/** Text files, which are UTF-8 on every machine. */
@org.jspecify.annotations.NullMarked
package io.github.recurrent.internal.text;
