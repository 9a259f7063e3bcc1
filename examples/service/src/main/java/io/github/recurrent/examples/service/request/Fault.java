package io.github.recurrent.examples.service.request;

import com.linecorp.armeria.common.HttpStatus;

/** What is wrong with a request, or why the service cannot take it now: a status and a sentence. */
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient HttpStatus status;

  private Fault(HttpStatus status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** The request is not valid. */
  public static Fault bad(String message) {
    return new Fault(HttpStatus.BAD_REQUEST, message);
  }

  public static Fault notFound(String message) {
    return new Fault(HttpStatus.NOT_FOUND, message);
  }

  public static Fault tooLarge(int most) {
    return new Fault(
        HttpStatus.REQUEST_ENTITY_TOO_LARGE,
        "the body is longer than " + most + " bytes, the limit here");
  }

  /** Too many queries wait. */
  public static Fault busy(String message) {
    return new Fault(HttpStatus.TOO_MANY_REQUESTS, message);
  }

  /** The service is not ready yet, or no longer. */
  public static Fault unavailable(String message) {
    return new Fault(HttpStatus.SERVICE_UNAVAILABLE, message);
  }

  /** The time of the request is up. */
  public static Fault late(String message) {
    return new Fault(HttpStatus.GATEWAY_TIMEOUT, message);
  }

  /** The service failed, and its log says why. */
  public static Fault internal(String message) {
    return new Fault(HttpStatus.INTERNAL_SERVER_ERROR, message);
  }

  public HttpStatus status() {
    return status;
  }

  public String message() {
    return String.valueOf(getMessage());
  }
}
