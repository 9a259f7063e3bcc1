/** The protocol over REST, and questions for people. */
@NullMarked
package io.github.recurrent.examples.service.rest;

import org.jspecify.annotations.NullMarked;
