/** The folder that holds models and versions, and what of it is served. */
@NullMarked
package io.github.recurrent.examples.service.repository;

import org.jspecify.annotations.NullMarked;
