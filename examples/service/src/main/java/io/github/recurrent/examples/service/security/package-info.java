/** Who may ask, and over what: tokens and certificates from files, read again when these change. */
@NullMarked
package io.github.recurrent.examples.service.security;

import org.jspecify.annotations.NullMarked;
