package io.github.recurrent.examples.service.security;

import com.google.common.collect.ImmutableSet;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.examples.service.request.Json;
import io.grpc.Status;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Refuses requests without a token (RFC 6750), but for those of a few paths. Paths are compared as
 * they came: another way to write an open one is not open. Thread-safe.
 */
final class BearerTokens implements DecoratingHttpServiceFunction {
  private static final String SCHEME = "bearer ";

  private final Supplier<Tokens> tokens;
  private final ImmutableSet<String> open;

  BearerTokens(Supplier<Tokens> tokens, ImmutableSet<String> open) {
    this.tokens = tokens;
    this.open = open;
  }

  @Override
  public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
      throws Exception {
    if (open.contains(context.path())) {
      return service.serve(context, request);
    }
    List<String> authorization = request.headers().getAll(HttpHeaderNames.AUTHORIZATION);
    if (authorization.isEmpty()) {
      return refusal(
          request.headers(), "Bearer", "a token is needed here: Authorization: Bearer TOKEN");
    }
    String value = authorization.get(0);
    if (authorization.size() > 1 || !value.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return refusal(
          request.headers(),
          "Bearer error=\"invalid_request\"",
          "there must be one header Authorization, and it must be: Bearer TOKEN");
    }
    if (!tokens.get().have(value.substring(SCHEME.length()).strip())) {
      return refusal(
          request.headers(),
          "Bearer error=\"invalid_token\"",
          "the token is not one of those here");
    }
    return service.serve(context, request);
  }

  private static HttpResponse refusal(RequestHeaders headers, String challenge, String message) {
    MediaType type = headers.contentType();
    // Such as application/grpc+proto.
    if (type != null && type.type().equals("application") && type.subtype().startsWith("grpc")) {
      return HttpResponse.of(
          ResponseHeaders.builder(HttpStatus.OK)
              .endOfStream(true)
              .contentType(type)
              .set("grpc-status", String.valueOf(Status.Code.UNAUTHENTICATED.value()))
              .set("grpc-message", message)
              .build());
    }
    return Json.response(HttpStatus.UNAUTHORIZED, Json.error(message))
        .mapHeaders(
            answer ->
                answer.withMutations(
                    added -> added.set(HttpHeaderNames.WWW_AUTHENTICATE, challenge)));
  }
}
