package dev.berth.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of two types of content a client is sent (RFC 9110, 12.5.1). */
final class AcceptTest {
  private static boolean prefersOpenMetrics(String... values) {
    return Accept.of(List.of(values)).prefers("application/openmetrics-text", "text/plain");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Prometheus 2.40, 3.0 with protobuf, 3.0
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        "application/openmetrics-text",
        "APPLICATION/OPENMETRICS-TEXT",
        "application/openmetrics-text, text/plain",
        "application/openmetrics-text ; q=0.5 , */*;Q=0.4",
        "text/plain;q=0.1, application/openmetrics-text;note=\"a,b;q=0\";q=0.9",
        "application/*",
        "text/plain;q=0, */*"
      })
  void isTheOneThatItPrefers(String value) {
    assertThat(prefersOpenMetrics(value)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*/*",
        "text/*",
        "text/plain",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/openmetrics-text;q=0",
        "application/openmetrics-text;q=0.000, */*",
        "text/plain;version=0.0.4;q=1,application/openmetrics-text;q=0.1",
        "application/openmetrics-text;q=0.1, */*",
        "application/openmetrics-textual",
        "xapplication/openmetrics-text",
        "text/plain;note=\", application/openmetrics-text\"",
        "image/png"
      })
  void isTheUsualOneOtherwise(String value) {
    assertThat(prefersOpenMetrics(value)).isFalse();
  }

  @Test
  void takesAllFieldsOfTheNameTogether() {
    assertThat(prefersOpenMetrics("text/plain;q=0.5", "application/openmetrics-text;q=0.6"))
        .isTrue();
    assertThat(prefersOpenMetrics("text/plain;q=0.6", "application/openmetrics-text;q=0.5"))
        .isFalse();
    assertThat(prefersOpenMetrics()).isFalse();
  }
}
