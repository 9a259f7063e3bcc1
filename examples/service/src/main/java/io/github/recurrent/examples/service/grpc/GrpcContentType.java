package io.github.recurrent.examples.service.grpc;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;

/** Lets requests that are not of gRPC be refused as all others are. */
public final class GrpcContentType implements DecoratingHttpServiceFunction {
  @Override
  public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
      throws Exception {
    if (request.method() == HttpMethod.POST && !isGrpc(request.contentType())) {
      throw HttpStatusException.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
    }
    return service.serve(context, request);
  }

  /** Returns whether a type is {@code application/grpc}, with or without what follows it. */
  private static boolean isGrpc(@Nullable MediaType type) {
    return type != null && type.type().equals("application") && type.subtype().startsWith("grpc");
  }
}
