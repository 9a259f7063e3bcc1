/** What a request is answered with, or why it is not, apart from how a protocol writes it. */
@NullMarked
package io.github.recurrent.examples.service.answer;

import org.jspecify.annotations.NullMarked;
