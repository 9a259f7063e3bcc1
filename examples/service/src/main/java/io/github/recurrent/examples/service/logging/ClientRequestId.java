package io.github.recurrent.examples.service.logging;

import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestId;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The id of a request that its client chose.
 *
 * @param text letters, digits and a few other characters
 */
record ClientRequestId(String text) implements RequestId {
  static final String HEADER = "x-request-id";

  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._~+/=:@-]{1,128}");

  /** Returns the id that a client sent, or a new one if it sent none, several, or a strange one. */
  static RequestId of(RequestHeaders headers) {
    List<String> ids = headers.getAll(HEADER);
    return ids.size() == 1 && SANE.matcher(ids.get(0)).matches()
        ? new ClientRequestId(ids.get(0))
        : new ClientRequestId(RequestId.random().text());
  }

  @Override
  public String shortText() {
    return text;
  }
}
