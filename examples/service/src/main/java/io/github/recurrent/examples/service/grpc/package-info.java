/** The protocol over gRPC. */
@NullMarked
package io.github.recurrent.examples.service.grpc;

import org.jspecify.annotations.NullMarked;
