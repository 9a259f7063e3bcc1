/** Requests as the protocol has them, read strictly, and what is wrong with them. */
@NullMarked
package io.github.recurrent.examples.service.request;

import org.jspecify.annotations.NullMarked;
