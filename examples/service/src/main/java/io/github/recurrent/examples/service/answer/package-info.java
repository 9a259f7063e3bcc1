/** What a request is answered with: tensors, apart from how a protocol writes them. */
@NullMarked
package io.github.recurrent.examples.service.answer;

import org.jspecify.annotations.NullMarked;
