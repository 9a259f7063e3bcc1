package io.github.recurrent.examples.service.metrics;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Get;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** What Prometheus reads, in its text format or that of OpenMetrics. */
public final class MetricsService {
  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();
  private final Measures measures;

  public MetricsService(Measures measures) {
    this.measures = measures;
  }

  @Blocking
  @Get("/metrics")
  public HttpResponse metrics(RequestHeaders headers) throws IOException {
    ExpositionFormatWriter writer =
        openMetrics.accepts(headers.get(HttpHeaderNames.ACCEPT, "")) ? openMetrics : text;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writer.write(bytes, measures.scrape());
    return HttpResponse.of(
        HttpStatus.OK, MediaType.parse(writer.getContentType()), bytes.toByteArray());
  }
}
