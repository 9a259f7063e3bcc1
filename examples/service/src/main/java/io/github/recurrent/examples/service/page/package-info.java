/** The page for people, and what it asks the service for beyond answers. */
@NullMarked
package io.github.recurrent.examples.service.page;

import org.jspecify.annotations.NullMarked;
