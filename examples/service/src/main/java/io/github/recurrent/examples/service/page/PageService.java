package io.github.recurrent.examples.service.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.io.Resources;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.annotation.Get;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;

/** The page, and the description of the interface: files that the program has with it. */
public final class PageService {
  private final byte[] page;
  private final ResponseHeaders pageHeaders;
  private final byte[] description;
  private final ResponseHeaders descriptionHeaders;

  /** Reads the files. */
  public PageService() {
    String html = new String(file("page.html"), UTF_8);
    page = html.getBytes(UTF_8);
    pageHeaders =
        headers(MediaType.HTML_UTF_8)
            .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, policy(html))
            .set(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
            .build();
    description = file("openapi.json");
    descriptionHeaders = headers(MediaType.JSON).build();
  }

  private static byte[] file(String name) {
    try {
      return Resources.toByteArray(Resources.getResource(PageService.class, name));
    } catch (IOException e) {
      throw new UncheckedIOException("the program lacks its file " + name, e);
    }
  }

  private static ResponseHeadersBuilder headers(MediaType type) {
    return ResponseHeaders.builder(HttpStatus.OK)
        .contentType(type)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
        .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff");
  }

  /** Allows the page its own script and style, requests to this server, and nothing else. */
  private static String policy(String html) {
    return String.join(
        "; ",
        "default-src 'none'",
        "script-src '" + hash(html, "script") + "'",
        "style-src '" + hash(html, "style") + "'",
        "img-src data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'");
  }

  private static String hash(String html, String element) {
    String begin = "<" + element + ">";
    String content =
        html.substring(html.indexOf(begin) + begin.length(), html.indexOf("</" + element + ">"));
    return "sha256-"
        + Base64.getEncoder().encodeToString(Hashing.sha256().hashString(content, UTF_8).asBytes());
  }

  @Get("/")
  public HttpResponse page() {
    return HttpResponse.of(pageHeaders, HttpData.wrap(page));
  }

  @Get("/openapi.json")
  public HttpResponse description() {
    return HttpResponse.of(descriptionHeaders, HttpData.wrap(description));
  }
}
